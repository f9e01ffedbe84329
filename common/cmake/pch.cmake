# Precompiled headers, each compiled once for all targets that use it (REUSE_FROM). -DCMAKE_DISABLE_PRECOMPILE_HEADERS=ON
# builds without them.

file(WRITE ${CMAKE_BINARY_DIR}/pch/empty.cpp.new "// Carries a precompiled header.\n")
configure_file(${CMAKE_BINARY_DIR}/pch/empty.cpp.new ${CMAKE_BINARY_DIR}/pch/empty.cpp COPYONLY)

# UBSan's checks of every pointer take a third of the time of code that is mostly Asio's templates. AddressSanitizer reports a
# null pointer that is used; fuzz targets and the libraries without Asio, where bytes become values, keep the checks.
if(FANION_SANITIZE MATCHES "address,undefined" AND NOT FANION_FUZZ)
  set(FANION_ASIO_OPTIONS -fno-sanitize=null,alignment)
endif()

add_library(fanion_pch_asio OBJECT ${CMAKE_BINARY_DIR}/pch/empty.cpp)
target_link_libraries(fanion_pch_asio PRIVATE fanion_boost fanion_warnings)
target_compile_options(fanion_pch_asio PRIVATE ${FANION_ASIO_OPTIONS})
target_precompile_headers(fanion_pch_asio PRIVATE ${CMAKE_CURRENT_LIST_DIR}/pch_asio.hpp)
