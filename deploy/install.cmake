# What `cmake --install build` places: the binary, the units, the rules and the example settings.
include(GNUInstallDirs)

# /etc belongs to the machine, not to a prefix such as /usr/local.
set(TOCSIN_CONFIG_DIR /etc/tocsin CACHE PATH "Where the settings live")

# The units name the binary by its full path, which the prefix decides.
foreach(unit tocsin.service tocsin.socket tocsin-failed.service)
  set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS systemd/${unit})
  file(READ systemd/${unit} text)
  string(REPLACE "/usr/bin/tocsin" "${CMAKE_INSTALL_FULL_BINDIR}/tocsin" text "${text}")
  string(REPLACE "/etc/tocsin/" "${TOCSIN_CONFIG_DIR}/" text "${text}")
  file(CONFIGURE OUTPUT units/${unit} CONTENT "${text}" @ONLY)
  install(FILES ${CMAKE_CURRENT_BINARY_DIR}/units/${unit} DESTINATION lib/systemd/system)
endforeach()

if(TARGET tocsin)
  install(TARGETS tocsin RUNTIME DESTINATION ${CMAKE_INSTALL_BINDIR})
endif()

# Settings that a person may have changed are never overwritten: they come as examples. The rules
# are shipped beside the program, and copied to ${TOCSIN_CONFIG_DIR}/rules the first time.
file(GLOB rule_files CONFIGURE_DEPENDS rules/*.yaml rules/*.json rules/*.md)
install(FILES ${rule_files} DESTINATION ${CMAKE_INSTALL_DATADIR}/tocsin/rules)
install(FILES deploy/tocsin.example.yaml DESTINATION ${TOCSIN_CONFIG_DIR}
        RENAME tocsin.yaml.example)
install(FILES deploy/oncall.example.yaml DESTINATION ${TOCSIN_CONFIG_DIR}
        RENAME oncall.yaml.example)
install(FILES deploy/tocsin-alerts.yaml DESTINATION ${CMAKE_INSTALL_DATADIR}/tocsin)
install(FILES README.md DESTINATION ${CMAKE_INSTALL_DOCDIR})
install(CODE "
  if(NOT EXISTS \"\$ENV{DESTDIR}${TOCSIN_CONFIG_DIR}/rules/handbook.yaml\")
    file(INSTALL DESTINATION \"${TOCSIN_CONFIG_DIR}/rules\" TYPE FILE
         FILES \"${CMAKE_CURRENT_SOURCE_DIR}/rules/handbook.yaml\")
  endif()
")
