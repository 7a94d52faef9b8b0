# Builds the benchmarks (TOCSIN_BENCH=ON): the rig that compares peers, and micro benches if it can.
file(GLOB rig_sources CONFIGURE_DEPENDS tests/bench/rig/*.cpp)
add_executable(bench_rig ${rig_sources})

# Every tests/bench/*_bench.cpp is a program of its own, on Google Benchmark.
find_package(benchmark QUIET)
add_custom_target(micro_benches)
if(benchmark_FOUND)
  file(GLOB bench_sources CONFIGURE_DEPENDS tests/bench/*_bench.cpp)
  foreach(source ${bench_sources})
    get_filename_component(name ${source} NAME_WE)
    add_executable(${name} EXCLUDE_FROM_ALL ${source})
    target_link_libraries(${name} PRIVATE tocsin_shell benchmark::benchmark)
    add_dependencies(micro_benches ${name})
  endforeach()
else()
  message(STATUS "libbenchmark-dev is missing: no micro benches")
endif()
