# Precompiled headers, each compiled once for all targets that use it (REUSE_FROM). -DCMAKE_DISABLE_PRECOMPILE_HEADERS=ON
# builds without them.

file(WRITE ${CMAKE_BINARY_DIR}/pch/empty.cpp.new "// Carries a precompiled header.\n")
configure_file(${CMAKE_BINARY_DIR}/pch/empty.cpp.new ${CMAKE_BINARY_DIR}/pch/empty.cpp COPYONLY)

add_library(fanion_pch_asio OBJECT ${CMAKE_BINARY_DIR}/pch/empty.cpp)
target_link_libraries(fanion_pch_asio PRIVATE fanion_boost fanion_warnings)
target_precompile_headers(fanion_pch_asio PRIVATE ${CMAKE_CURRENT_LIST_DIR}/pch_asio.hpp)
