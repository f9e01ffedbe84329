# What the project uses from the distribution. Nothing is vendored and nothing is downloaded at build time;
# deploy/install-packages names the Debian packages that provide these.

find_package(Threads REQUIRED)
find_package(Boost 1.81 REQUIRED)
find_package(OpenSSL 3.0 REQUIRED)
find_package(PostgreSQL REQUIRED)
find_package(RapidJSON REQUIRED)
find_package(prometheus-cpp REQUIRED)
find_package(CLI11 REQUIRED)
find_package(CURL 7.88 REQUIRED)
find_package(ZLIB REQUIRED)
find_package(pegtl 3.2 REQUIRED)
find_package(yaml-cpp 0.7 REQUIRED)
find_package(PkgConfig REQUIRED)
pkg_check_modules(re2 REQUIRED IMPORTED_TARGET re2)
pkg_check_modules(hiredis REQUIRED hiredis)
pkg_check_modules(argon2 REQUIRED IMPORTED_TARGET libargon2)
pkg_check_modules(zstd REQUIRED IMPORTED_TARGET libzstd)
# The declarations of PKCS #11. Nothing is linked: modules are loaded when they are asked for.
find_path(FANION_PKCS11_INCLUDE p11-kit/pkcs11.h PATH_SUFFIXES p11-kit-1 REQUIRED)
add_library(fanion_pkcs11 INTERFACE)
target_include_directories(fanion_pkcs11 SYSTEM INTERFACE ${FANION_PKCS11_INCLUDE})
if(FANION_KAFKA)
  pkg_check_modules(rdkafka REQUIRED IMPORTED_TARGET rdkafka)
endif()

# Asio's and Beast's function bodies are compiled once, in fanion_boost_impl (common/net), not in every file.
add_library(fanion_boost INTERFACE)
target_compile_definitions(fanion_boost INTERFACE BOOST_ASIO_SEPARATE_COMPILATION BOOST_BEAST_SEPARATE_COMPILATION
                           BOOST_ASIO_NO_DEPRECATED)
target_link_libraries(fanion_boost INTERFACE Boost::headers Threads::Threads OpenSSL::SSL OpenSSL::Crypto)

# Without its flags: they define a macro that precompiled headers do not know.
add_library(fanion_hiredis INTERFACE)
target_link_libraries(fanion_hiredis INTERFACE ${hiredis_LINK_LIBRARIES})

add_library(fanion_rapidjson INTERFACE)
target_include_directories(fanion_rapidjson SYSTEM INTERFACE ${RAPIDJSON_INCLUDE_DIRS} ${RapidJSON_INCLUDE_DIRS})

# Debian's package configuration of gRPC asks for those of everything that it is made of; the libraries' names are enough.
if(FANION_GRPC)
  find_program(FANION_PROTOC protoc REQUIRED)
  add_library(fanion_grpc_core INTERFACE)
  target_link_libraries(fanion_grpc_core INTERFACE grpc++ grpc gpr absl_synchronization)
  add_library(fanion_grpc INTERFACE)
  target_link_libraries(fanion_grpc INTERFACE grpc++_reflection fanion_grpc_core protobuf)
endif()
