# One test program per folder of tests/ (tests/core -> core_tests), each case its own CTest line.
enable_testing()
find_package(doctest REQUIRED CONFIG)
include(doctest)

# The entry point, and the headers that every test reads, compiled once for all programs.
add_library(tocsin_test_main STATIC tests/main.cpp tests/support/source_text.cpp)
target_include_directories(tocsin_test_main PRIVATE tests)
# g++ 12 warns falsely of string arithmetic that it has inlined (GCC bugs 105329, 105651).
set(test_options -O1 -Wno-array-bounds -Wno-restrict -Wno-stringop-overflow -Wno-stringop-overread)
target_compile_options(tocsin_test_main PRIVATE ${test_options})
target_compile_definitions(tocsin_test_main PUBLIC DOCTEST_CONFIG_SUPER_FAST_ASSERTS)  # to compile
target_link_libraries(tocsin_test_main PUBLIC doctest::doctest Threads::Threads)
target_precompile_headers(tocsin_test_main PRIVATE <doctest/doctest.h> <algorithm> <chrono> <deque>
                          <functional> <map> <memory> <optional> <set> <string> <unordered_map>
                          <variant> <vector>)
set_source_files_properties(tests/main.cpp PROPERTIES SKIP_PRECOMPILE_HEADERS ON)

# A folder of tests: every *_test.cpp in it, linked with the layers it may see.
function(tests folder)
  cmake_parse_arguments(ARG "" "" "LINK" ${ARGN})
  file(GLOB sources CONFIGURE_DEPENDS tests/${folder}/*_test.cpp)
  if(NOT sources)
    return()
  endif()
  add_executable(${folder}_tests ${sources})
  target_include_directories(${folder}_tests PRIVATE tests)
  target_compile_options(${folder}_tests PRIVATE ${test_options})
  target_link_libraries(${folder}_tests PRIVATE tocsin_test_main ${ARG_LINK})
  target_precompile_headers(${folder}_tests REUSE_FROM tocsin_test_main)
  doctest_discover_tests(${folder}_tests WORKING_DIRECTORY ${CMAKE_SOURCE_DIR}
                         PROPERTIES TIMEOUT 300)
endfunction()

tests(base LINK tocsin_base nlohmann_json::nlohmann_json)
tests(promql LINK tocsin_promql)
tests(schema LINK tocsin_schema)
tests(core LINK tocsin_core)
target_sources(core_tests PRIVATE tests/support/world.cpp tests/support/sample_rules.cpp
               tests/support/sample_roster.cpp)
tests(integrations LINK tocsin_integrations nlohmann_json::nlohmann_json)
tests(config LINK tocsin_config)
file(GLOB history_sources CONFIGURE_DEPENDS tests/support/history_*.cpp)
file(GLOB year_sources CONFIGURE_DEPENDS tests/support/year_*.cpp)
tests(histories LINK tocsin_config)
target_sources(histories_tests PRIVATE ${history_sources})
tests(year LINK tocsin_core)
target_sources(year_tests PRIVATE ${year_sources} tests/support/sample_rules.cpp)
tests(shell LINK tocsin_shell tocsin_config SQLite::SQLite3 OpenSSL::SSL)
target_sources(shell_tests PRIVATE tests/support/process.cpp tests/support/mail_server.cpp)
if(TARGET tocsin)
  # By itself: the macros of cpp-httplib do not go with the precompiled headers.
  add_library(tocsin_http_peer STATIC tests/support/http_peer.cpp)
  target_include_directories(tocsin_http_peer PRIVATE tests lib)
  target_compile_options(tocsin_http_peer PRIVATE ${test_options})
  target_link_libraries(tocsin_http_peer PRIVATE PkgConfig::httplib)
  tests(end_to_end LINK tocsin_integrations tocsin_http_peer)
endif()
if(TARGET end_to_end_tests)
  target_sources(end_to_end_tests PRIVATE tests/support/browser.cpp tests/support/mail_server.cpp
                 tests/support/monitoring.cpp tests/support/process.cpp
                 tests/support/test_daemon.cpp)
  add_dependencies(end_to_end_tests tocsin)
endif()

file(GLOB tidy_sources CONFIGURE_DEPENDS tests/*_test.cpp)
if(tidy_sources)
  add_executable(repository_tests ${tidy_sources} tests/support/house_rules.cpp)
  target_include_directories(repository_tests PRIVATE tests)
  target_compile_options(repository_tests PRIVATE ${test_options})
  target_link_libraries(repository_tests PRIVATE tocsin_test_main)
  target_precompile_headers(repository_tests REUSE_FROM tocsin_test_main)
  doctest_discover_tests(repository_tests WORKING_DIRECTORY ${CMAKE_SOURCE_DIR})
endif()
