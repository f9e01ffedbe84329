#pragma once

// The directory of a private PostgreSQL cluster: fit for it, and whose it is. Functions without state.

#include <sys/types.h>
#include <filesystem>
#include <string>

#include "common/base/error.hpp"

namespace fanion::cp::embedded_postgres {

struct ServerUser {
    uid_t uid = 0;
    gid_t gid = 0;
};

// Error: the path of the socket in it would be longer than the system allows, or holds characters that PostgreSQL's settings cannot.
Result<> check_socket_path(const std::filesystem::path& directory);

// Makes the directory where it is missing, closes it to others (0700) and finds out whom the server runs as: the owner of the
// cluster in it, else us, or, for root, `system_user`. Error: what stands against it.
Result<ServerUser> prepare_directory(const std::filesystem::path& directory, const std::string& system_user);

Error embedded_error(std::string detail);

// Held by whoever makes, starts or stops the cluster; released with the process.
class DirectoryLock {
public:
    explicit DirectoryLock(const std::filesystem::path& directory);
    DirectoryLock(const DirectoryLock&) = delete;
    ~DirectoryLock();

private:
    int fd_;
};

}  // namespace fanion::cp::embedded_postgres
