# Warnings, sanitizers, linker and compiler cache: everything that is about the compiler and not about a target.

find_program(FANION_CCACHE ccache)
if(FANION_CCACHE AND NOT CMAKE_CXX_COMPILER_LAUNCHER)
  # Without these ccache does not cache a file that is compiled with a precompiled header, nor the header itself.
  set(ccache ${CMAKE_COMMAND} -E env
             CCACHE_SLOPPINESS=pch_defines,time_macros,include_file_mtime,include_file_ctime ${FANION_CCACHE})
  set(CMAKE_CXX_COMPILER_LAUNCHER ${ccache})
  set(CMAKE_C_COMPILER_LAUNCHER ${ccache})
endif()

# What our own code is compiled with; linked by fanion_library, fanion_program and fanion_test.
add_library(fanion_warnings INTERFACE)
target_compile_options(fanion_warnings INTERFACE
  -Wall -Wextra -Wpedantic
  $<$<COMPILE_LANGUAGE:CXX>:-Wnon-virtual-dtor> $<$<COMPILE_LANGUAGE:CXX>:-Wold-style-cast>)
if(FANION_WERROR)
  target_compile_options(fanion_warnings INTERFACE -Werror)
endif()
if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
  # Clang's take other things for conversions and shadows.
  target_compile_options(fanion_warnings INTERFACE -Wconversion -Wshadow)
  # Reported from inside inlined library code under -O2; clang-tidy looks for the real ones.
  target_compile_options(fanion_warnings INTERFACE
    -Wno-maybe-uninitialized -Wno-restrict -Wno-stringop-overflow -Wno-stringop-overread -Wno-array-bounds
    -Wno-dangling-pointer -Wno-mismatched-new-delete)
endif()

if(CMAKE_CXX_COMPILER_ID STREQUAL "Clang")
  # libstdc++ uses what it deprecates.
  add_compile_options($<$<COMPILE_LANGUAGE:CXX>:-Wno-deprecated-declarations>)
  # Without the time, ccache knows an unchanged precompiled header again.
  add_compile_options("SHELL:-Xclang -fno-pch-timestamp")
endif()

if(FANION_SANITIZE)
  add_compile_options(-fsanitize=${FANION_SANITIZE} -fno-omit-frame-pointer -fno-sanitize-recover=all)
  add_link_options(-fsanitize=${FANION_SANITIZE})
  if(FANION_SANITIZE MATCHES "thread" AND CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
    add_compile_options(-Wno-tsan) # Asio's fences, which ThreadSanitizer does not model
  endif()
endif()

if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU" AND NOT FANION_SANITIZE)
  # What people run is hardened as Debian's programs are; tests/packages/check_hardening looks at the result. The compiler makes
  # position-independent programs and stacks that are not executable by itself.
  add_compile_options(-fstack-protector-strong $<$<CONFIG:Release>:-D_FORTIFY_SOURCE=2>)
  add_link_options(-Wl,-z,relro -Wl,-z,now -Wl,-z,noexecstack)
  # The same bytes from any folder. A compiler cache may give the compiler relative names instead of absolute ones.
  file(RELATIVE_PATH source_from_build ${CMAKE_BINARY_DIR} ${PROJECT_SOURCE_DIR}/)
  add_compile_options(-ffile-prefix-map=${PROJECT_SOURCE_DIR}/= -ffile-prefix-map=${source_from_build}=
                      -ffile-prefix-map=${CMAKE_BINARY_DIR}/=)
endif()

if(FANION_COVERAGE)
  # Counts of lines of the pure ring (fanion_library, targets.cmake). Programs that are not its tests count into nothing.
  add_link_options(-fprofile-instr-generate=/dev/null)
endif()

# With CMAKE_UNITY_BUILD=ON (all presets but fuzz) many files of a library or a program are compiled as one: most of the time goes
# into headers and templates. Their names in unnamed namespaces must therefore be unique in the target.
if(NOT CMAKE_UNITY_BUILD_BATCH_SIZE)
  set(CMAKE_UNITY_BUILD_BATCH_SIZE 20)
endif()
if(CMAKE_UNITY_BUILD AND CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
  # GCC treats the included sources as headers and warns about types from an unnamed namespace in coroutines' frames.
  add_compile_options($<$<COMPILE_LANGUAGE:CXX>:-Wno-subobject-linkage>)
endif()

find_program(FANION_LLD ld.lld)
if(FANION_LLD)
  add_link_options(-fuse-ld=lld)
endif()
