# One library per folder. The include root is the repository root, so an include line names its layer.

# fanion_library(name [ASIO] SOURCES a.cpp .. DEPS lib ..). ASIO: most of its files include Asio, so it uses the precompiled
# header.
function(fanion_library name)
  cmake_parse_arguments(ARG "ASIO" "" "SOURCES;DEPS" ${ARGN})
  add_library(${name} STATIC ${ARG_SOURCES})
  target_include_directories(${name} PUBLIC ${PROJECT_SOURCE_DIR})
  target_link_libraries(${name} PUBLIC ${ARG_DEPS} PRIVATE fanion_warnings)
  if(ARG_ASIO)
    target_precompile_headers(${name} REUSE_FROM fanion_pch_asio)
  elseif(FANION_SANITIZE)
    target_compile_options(${name} PRIVATE -O1) # random tests and vectors spend their time here
  endif()
endfunction()

# fanion_feature(folder PURE .. PURE_DEPS .. STORE .. STORE_DEPS .. ROUTES .. ROUTES_DEPS ..): a folder of the control plane as up
# to three libraries, so that each part links only what the include rules let it use: fanion_cp_<folder> (pure values and
# edits), fanion_cp_<folder>_store (its SQL, on libpq), fanion_cp_<folder>_routes (its handlers).
function(fanion_feature folder)
  cmake_parse_arguments(ARG "" "" "PURE;PURE_DEPS;STORE;STORE_DEPS;ROUTES;ROUTES_DEPS" ${ARGN})
  set(own "")
  if(ARG_PURE)
    fanion_library(fanion_cp_${folder} SOURCES ${ARG_PURE} DEPS ${ARG_PURE_DEPS})
    set(own fanion_cp_${folder})
  endif()
  if(ARG_STORE)
    fanion_library(fanion_cp_${folder}_store ASIO SOURCES ${ARG_STORE} DEPS ${own} fanion_cp_db ${ARG_STORE_DEPS})
    list(APPEND own fanion_cp_${folder}_store)
  endif()
  if(ARG_ROUTES)
    fanion_library(fanion_cp_${folder}_routes ASIO SOURCES ${ARG_ROUTES} DEPS ${own} fanion_cp_http ${ARG_ROUTES_DEPS})
  endif()
endfunction()

# fanion_program(name SOURCES .. DEPS ..)
function(fanion_program name)
  cmake_parse_arguments(ARG "" "" "SOURCES;DEPS" ${ARGN})
  add_executable(${name} ${ARG_SOURCES})
  target_include_directories(${name} PRIVATE ${PROJECT_SOURCE_DIR})
  target_link_libraries(${name} PRIVATE ${ARG_DEPS} fanion_warnings)
endfunction()

# fanion_test(name [LABEL component threads ..] [TIMEOUT seconds] [SEPARATE] [PCH target] SOURCES .. DEPS ..): a Catch2 program and
# its entry in CTest. SEPARATE: its files use the same names for their own things, so unity builds do not join them. PCH: whose
# precompiled header it uses instead of fanion_catch's; fanion_pch_api is for tests on ApiFixture.
# tests/run tells what the labels mean. `fanion_tests_LABEL` builds the programs of one label.
function(fanion_test name)
  cmake_parse_arguments(ARG "SEPARATE" "TIMEOUT;PCH" "LABEL;SOURCES;DEPS" ${ARGN})
  if(NOT ARG_LABEL)
    set(ARG_LABEL unit)
  endif()
  if(NOT ARG_TIMEOUT)
    set(ARG_TIMEOUT 300)
  endif()
  if(NOT ARG_PCH)
    set(ARG_PCH fanion_catch)
  endif()
  add_executable(${name} ${ARG_SOURCES})
  target_include_directories(${name} PRIVATE ${PROJECT_SOURCE_DIR})
  target_link_libraries(${name} PRIVATE ${ARG_DEPS} fanion_catch fanion_warnings)
  target_precompile_headers(${name} REUSE_FROM ${ARG_PCH})
  if(ARG_SEPARATE)
    set_target_properties(${name} PROPERTIES UNITY_BUILD OFF)
  endif()
  add_test(NAME ${name} COMMAND ${name})
  set_tests_properties(${name} PROPERTIES LABELS "${ARG_LABEL}" TIMEOUT ${ARG_TIMEOUT})
  foreach(label ${ARG_LABEL})
    if(NOT TARGET fanion_tests_${label})
      add_custom_target(fanion_tests_${label})
    endif()
    add_dependencies(fanion_tests_${label} ${name})
  endforeach()
endfunction()
