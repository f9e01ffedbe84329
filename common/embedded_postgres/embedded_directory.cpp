#include "common/embedded_postgres/embedded_directory.hpp"

#include <fcntl.h>
#include <pwd.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

#include "common/embedded_postgres/postgres_files.hpp"

namespace fanion::embedded_postgres {

namespace fs = std::filesystem;

namespace {

Error system_error(const std::string& what) { return embedded_error(what + ": " + std::strerror(errno)); }

// The server's user needs search permission on every folder above the directory.
Result<> check_reachable(const fs::path& directory, ServerUser user) {
    for (auto parent = directory.parent_path();; parent = parent.parent_path()) {
        struct stat info {};
        if (stat(parent.c_str(), &info) != 0) return system_error("cannot read the attributes of " + parent.string());
        const unsigned need = info.st_uid == user.uid ? S_IXUSR : info.st_gid == user.gid ? S_IXGRP : S_IXOTH;
        if (user.uid != 0 && (info.st_mode & need) == 0) {
            return embedded_error("the server's user (id " + std::to_string(user.uid) + ") may not enter " +
                                  parent.string() + ": choose another directory, such as /var/lib/fanion/postgres");
        }
        if (parent == parent.root_path()) return {};
    }
}

Result<ServerUser> choose_user(const fs::path& owned, bool is_old, const std::string& system_user) {
    struct stat info {};
    if (stat(owned.c_str(), &info) != 0) return system_error("cannot read the attributes of " + owned.string());
    if (geteuid() != 0 && info.st_uid != geteuid()) {
        return embedded_error(owned.string() + " belongs to another user (id " + std::to_string(info.st_uid) +
                              "): run as that user, or choose another directory");
    }
    if (info.st_uid != 0) return ServerUser{info.st_uid, info.st_gid};
    const auto* user = getpwnam(system_user.c_str());
    if (is_old || user == nullptr || user->pw_uid == 0) {
        return embedded_error("PostgreSQL does not run as root, and \"" + system_user +
                              "\" is not another user of this system: name one by --embedded-postgres-user");
    }
    return ServerUser{user->pw_uid, user->pw_gid};
}

}  // namespace

Error embedded_error(std::string detail) {
    return Error{Errc::unavailable, "embedded PostgreSQL: " + std::move(detail)};
}

Result<> check_directory_name(const fs::path& directory) {
    const auto socket = directory.string() + "/.s.PGSQL.5432";
    constexpr std::size_t longest = sizeof(sockaddr_un::sun_path) - 1;
    if (socket.size() > longest) {
        return embedded_error("the path of the socket, " + socket + ", has " + std::to_string(socket.size()) +
                              " bytes; the system allows " + std::to_string(longest) + ": choose a shorter directory");
    }
    if (directory.string().find_first_of(",'\"\\$`\n") != std::string::npos) {
        return embedded_error(
            "the directory's name must not contain commas, quotes, backquotes, backslashes, dollar signs or line "
            "breaks: " +
            directory.string());
    }
    return {};
}

Result<ServerUser> prepare_directory(const fs::path& directory, const std::string& system_user) {
    std::error_code ec;
    const auto data = directory / "data";
    const bool is_old = fs::exists(data, ec);
    if (!is_old && fs::exists(directory, ec) && !is_ours_or_empty(directory)) {
        return embedded_error(directory.string() +
                              " is neither empty nor one of our clusters: choose another directory");
    }
    if (!is_old) fs::create_directories(directory, ec);
    if (ec) return embedded_error("cannot create " + directory.string() + ": " + ec.message());
    const auto user = choose_user(is_old ? data : directory, is_old, system_user);
    if (!user) return user.error();
    if (geteuid() == 0 && chown(directory.c_str(), user->uid, user->gid) != 0) {
        return system_error("cannot change the owner of " + directory.string() + " to the server's user");
    }
    if (chmod(directory.c_str(), 0700) != 0) return system_error("cannot set the mode of " + directory.string());
    if (auto reachable = check_reachable(directory, *user); !reachable) return reachable.error();
    return *user;
}

Result<FileLock> lock_directory(const fs::path& directory) {
    auto lock = FileLock::acquire(directory.string());
    if (!lock) return embedded_error(lock.error().detail);
    return lock;
}

}  // namespace fanion::embedded_postgres
