# WebAssembly modules. A CMake tree has one compiler, so each is a separate project (sdk/wasm/module) that is built from here. Its
# sources are those of the native libraries, except for a few files that sdk/wasm/module replaces.
include(ExternalProject)

# Sets VARIABLE to whether clang and Debian's wasm32 libraries are installed.
function(fanion_find_wasm variable)
  find_program(FANION_WASM_CXX clang++-14)
  if(FANION_WASM_CXX AND EXISTS /usr/lib/wasm32-wasi/libc++.a)
    set(${variable} ON PARENT_SCOPE)
  else()
    set(${variable} OFF PARENT_SCOPE)
  endif()
endfunction()

# Sets VARIABLE to the sources of the pure libraries LIBRARIES, and those of common/base that they need.
function(fanion_pure_sources variable)
  set(sources "")
  foreach(name cidr encoding error text time_text)
    list(APPEND sources ${PROJECT_SOURCE_DIR}/common/base/${name}.cpp)
  endforeach()
  foreach(library ${ARGN})
    get_target_property(files ${library} SOURCES)
    get_target_property(folder ${library} SOURCE_DIR)
    list(TRANSFORM files PREPEND ${folder}/)
    list(APPEND sources ${files})
  endforeach()
  set(${variable} ${sources} PARENT_SCOPE)
endfunction()

# fanion_wasm_module(target MODULE name SOURCES .. HEADERS ..): builds module/<name>.wasm in the current binary folder, which exports
# the functions that the headers mark FANION_API.
function(fanion_wasm_module target)
  cmake_parse_arguments(ARG "" "MODULE" "SOURCES;HEADERS" ${ARGN})
  set(module_sources ${ARG_SOURCES})
  list(FILTER module_sources EXCLUDE REGEX "common/(base/error|json/parse_double|eval/operators/regex|eval/operators/regex_fold)\\.cpp$")
  foreach(list module_sources ARG_HEADERS)
    list(JOIN ${list} "\n" ${list}_lines)
  endforeach()
  file(CONFIGURE OUTPUT sources.txt CONTENT "@module_sources_lines@\n" @ONLY)
  file(CONFIGURE OUTPUT headers.txt CONTENT "@ARG_HEADERS_lines@\n" @ONLY)
  set(launcher "")
  if(FANION_CCACHE)
    set(launcher -DCMAKE_CXX_COMPILER_LAUNCHER=${FANION_CCACHE})
  endif()
  set(project ${PROJECT_SOURCE_DIR}/sdk/wasm/module)
  ExternalProject_Add(${target}
    SOURCE_DIR ${project}
    BINARY_DIR ${CMAKE_CURRENT_BINARY_DIR}/module
    STAMP_DIR ${CMAKE_CURRENT_BINARY_DIR}/stamp
    TMP_DIR ${CMAKE_CURRENT_BINARY_DIR}/tmp
    DOWNLOAD_COMMAND ""
    CMAKE_GENERATOR Ninja
    CMAKE_ARGS -DCMAKE_TOOLCHAIN_FILE=${project}/wasm32-wasi.cmake
               -DCMAKE_CXX_COMPILER=${FANION_WASM_CXX} ${launcher}
               -DFANION_ROOT=${PROJECT_SOURCE_DIR} -DFANION_MODULE=${ARG_MODULE}
               -DFANION_SOURCES=${CMAKE_CURRENT_BINARY_DIR}/sources.txt -DFANION_HEADERS=${CMAKE_CURRENT_BINARY_DIR}/headers.txt
    BUILD_COMMAND ${CMAKE_COMMAND} --build <BINARY_DIR> -j 2
    BUILD_ALWAYS ON
    INSTALL_COMMAND ""
    BUILD_BYPRODUCTS ${CMAKE_CURRENT_BINARY_DIR}/module/${ARG_MODULE}.wasm)
endfunction()
