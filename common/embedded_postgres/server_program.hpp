#pragma once

// Runs PostgreSQL's programs (initdb, pg_ctl, psql, ..) as the system user whom a cluster belongs
// to. POSIX; thread-safe.

#include <sys/types.h>
#include <chrono>
#include <filesystem>
#include <string>
#include <vector>

#include "common/base/error.hpp"

namespace fanion::embedded_postgres {

struct ServerUser {
    uid_t uid = 0;
    gid_t gid = 0;
};

struct ServerProgram {
    std::vector<std::string> arguments;  // [0] is the program's path
    ServerUser user;
    std::filesystem::path output;     // standard output and error are appended here
    std::chrono::milliseconds limit;  // a program that runs longer is killed
};

// Runs the program to its end and returns its exit status; 128 + the signal's number if a signal
// ended it, 127 if it could not be executed. It has a session of its own, so a Ctrl-C in our
// terminal does not reach it, and none of our open files. Blocks. Error: internal when no process
// could be created, timed_out.
Result<int> run_program(const ServerProgram& program);

}  // namespace fanion::embedded_postgres
