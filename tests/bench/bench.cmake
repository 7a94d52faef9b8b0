# Builds the benchmarks (TOCSIN_BENCH=ON): every tests/bench/*_bench.cpp is a program of its own.
find_package(benchmark REQUIRED)
file(GLOB bench_sources CONFIGURE_DEPENDS tests/bench/*_bench.cpp)
foreach(source ${bench_sources})
  get_filename_component(name ${source} NAME_WE)
  add_executable(${name} ${source})
  target_link_libraries(${name} PRIVATE tocsin_shell benchmark::benchmark)
endforeach()
