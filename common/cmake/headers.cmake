# Every header compiles alone: the target `fanion_headers` compiles one file per header that includes nothing else, without
# precompiled headers. Not part of `all`.

file(GLOB_RECURSE headers CONFIGURE_DEPENDS RELATIVE ${PROJECT_SOURCE_DIR}
     ${PROJECT_SOURCE_DIR}/common/*.hpp ${PROJECT_SOURCE_DIR}/control-plane/*.hpp ${PROJECT_SOURCE_DIR}/relay/*.hpp)
list(FILTER headers EXCLUDE REGEX "^common/cmake/")
set(sources "")
foreach(header ${headers})
  set(source ${PROJECT_BINARY_DIR}/headers/${header}.cpp)
  file(CONFIGURE OUTPUT ${source} CONTENT "#include \"${header}\"\n" @ONLY)
  list(APPEND sources ${source})
endforeach()

add_library(fanion_headers OBJECT EXCLUDE_FROM_ALL ${sources})
target_link_libraries(fanion_headers PRIVATE fanion_warnings fanion_cp_app fanion_relay_app fanion_cli fanion_rapidjson PkgConfig::re2
                                             PkgConfig::argon2 taocpp::pegtl)
target_compile_options(fanion_headers PRIVATE -O0 -g0)
