#pragma once

// The directory of a private PostgreSQL cluster: whether it is suitable, whose it is, and its lock.
// Stateless functions; thread-safe.

#include <filesystem>
#include <string>

#include "common/base/error.hpp"
#include "common/base/file.hpp"
#include "common/embedded_postgres/server_program.hpp"

namespace fanion::embedded_postgres {

// Error: the path of the socket in the directory would be longer than the system allows, or the
// directory's name contains characters that PostgreSQL's settings or pg_ctl's shell would
// interpret.
Result<> check_directory_name(const std::filesystem::path& directory);

// Creates the directory if it does not exist, sets its mode to 0700 and returns whom the server
// runs as: the owner of the cluster in it; without a cluster the directory's owner or, if that is
// root, `system_user`. Error: why the directory cannot be used, and what to do about it.
Result<ServerUser> prepare_directory(const std::filesystem::path& directory, const std::string& system_user);

Error embedded_error(std::string detail);  // unavailable, "embedded PostgreSQL: .."

// Waits for the lock of the program that makes the cluster, or starts or stops its server. It is
// released with the process. Error: the directory cannot be locked.
Result<FileLock> lock_directory(const std::filesystem::path& directory);

}  // namespace fanion::embedded_postgres
