#include "common/base/file.hpp"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <filesystem>
#include <system_error>

namespace fanion {
namespace {

constexpr std::size_t smallest_read = 4096;

Result<> write_new_file(const std::string& path, std::string_view bytes, Durability durability, mode_t mode) {
    const UniqueFd file(::open(path.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, mode));
    if (!file) return errno_error(Errc::internal, "cannot create " + path);
    if (!write_all(file.get(), bytes)) return errno_error(Errc::internal, "cannot write " + path);
    if (durability == Durability::power_cut && ::fdatasync(file.get()) != 0) {
        return errno_error(Errc::internal, "cannot sync " + path);
    }
    return boost::system::in_place_value;
}

// A size that lets one read take a whole regular file, and a second one find its end.
std::size_t expected_size(int fd) noexcept {
    struct stat info {};
    return ::fstat(fd, &info) == 0 && info.st_size > 0 ? static_cast<std::size_t>(info.st_size) : 0;
}

}  // namespace

Error errno_error(Errc code, const std::string& what, int reason) {
    return {code, what + ": " + std::generic_category().message(reason)};
}

UniqueFd::~UniqueFd() {
    if (fd_ < 0) return;
    const int kept = errno;
    ::close(fd_);
    errno = kept;
}

bool write_all(int fd, std::string_view bytes) noexcept {
    while (!bytes.empty()) {
        const auto written = ::write(fd, bytes.data(), bytes.size());
        if (written < 0 && errno == EINTR) continue;
        if (written == 0) errno = EIO;
        if (written <= 0) return false;
        bytes.remove_prefix(static_cast<std::size_t>(written));
    }
    return true;
}

bool write_all_at(int fd, std::uint64_t offset, std::string_view bytes) noexcept {
    while (!bytes.empty()) {
        const auto written = ::pwrite(fd, bytes.data(), bytes.size(), static_cast<off_t>(offset));
        if (written < 0 && errno == EINTR) continue;
        if (written == 0) errno = EIO;
        if (written <= 0) return false;
        bytes.remove_prefix(static_cast<std::size_t>(written));
        offset += static_cast<std::uint64_t>(written);
    }
    return true;
}

bool read_at(int fd, std::uint64_t offset, std::size_t length, std::string& out) {
    out.resize(length);
    std::size_t done = 0;
    while (done < length) {
        const auto got = ::pread(fd, out.data() + done, length - done, static_cast<off_t>(offset + done));
        if (got < 0 && errno == EINTR) continue;
        if (got < 0) return false;
        if (got == 0) break;
        done += static_cast<std::size_t>(got);
    }
    out.resize(done);
    return true;
}

bool read_to_end(int fd, std::string& out, std::size_t limit) {
    std::size_t done = 0;
    out.resize(std::min(std::max(expected_size(fd) + 1, smallest_read), limit + 1));
    while (done <= limit) {
        if (done == out.size()) out.resize(std::min(2 * done, limit + 1));
        const auto got = ::read(fd, out.data() + done, out.size() - done);
        if (got < 0 && errno == EINTR) continue;
        if (got < 0) return false;
        if (got == 0) break;
        done += static_cast<std::size_t>(got);
    }
    out.resize(done);
    return true;
}

bool is_linked(int fd) noexcept {
    struct stat info {};
    return ::fstat(fd, &info) == 0 && info.st_nlink > 0;
}

namespace {

Result<std::string> read_opened(const UniqueFd& file, const std::string& path, std::size_t limit) {
    std::string bytes;
    if (!file || !read_to_end(file.get(), bytes, limit)) {
        return errno_error(errno == ENOENT ? Errc::not_found : Errc::internal, "cannot read " + path);
    }
    if (bytes.size() > limit) {
        return Error{Errc::too_large, path + " is larger than " + std::to_string(limit) + " bytes"};
    }
    return bytes;
}

}  // namespace

Result<std::string> read_file(const std::string& path, std::size_t limit) {
    const UniqueFd file(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
    return read_opened(file, path, limit);
}

// O_NONBLOCK: the open of a FIFO would wait for a writer. It has no effect on regular files.
Result<std::string> read_regular_file(const std::string& path, std::size_t limit) {
    const UniqueFd file(::open(path.c_str(), O_RDONLY | O_NONBLOCK | O_CLOEXEC));
    struct stat info {};
    const bool is_odd = file ? ::fstat(file.get(), &info) == 0 && !S_ISREG(info.st_mode) : errno == ENXIO;
    if (is_odd) return Error{Errc::invalid_input, path + " is not a regular file"};
    return read_opened(file, path, limit);
}

Result<> replace_file(const std::string& path, std::string_view bytes, Durability durability, mode_t mode) {
    const std::string temporary = path + ".tmp";
    auto written = write_new_file(temporary, bytes, durability, mode);
    if (written && ::rename(temporary.c_str(), path.c_str()) != 0) {
        written = errno_error(Errc::internal, "cannot rename " + temporary + " to " + path);
    }
    if (!written) {
        ::unlink(temporary.c_str());
        return written;
    }
    if (durability == Durability::power_cut) return sync_directory(std::filesystem::path(path).parent_path().string());
    return written;
}

Result<> sync_directory(const std::string& path) {
    const std::string name = path.empty() ? "." : path;
    const UniqueFd directory(::open(name.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
    if (!directory || ::fsync(directory.get()) != 0) return errno_error(Errc::internal, "cannot sync " + name);
    return boost::system::in_place_value;
}

Result<FileLock> FileLock::try_acquire(const std::string& path) {
    UniqueFd file(::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600));
    if (!file) return errno_error(Errc::internal, "cannot open " + path);
    if (::flock(file.get(), LOCK_EX | LOCK_NB) == 0) return FileLock(std::move(file));
    if (errno == EWOULDBLOCK) return Error{Errc::conflict, path + " is locked by another process"};
    return errno_error(Errc::internal, "cannot lock " + path);
}

Result<FileLock> FileLock::try_acquire_directory(const std::string& directory) {
    std::error_code ignored;  // opening the file fails too, then
    std::filesystem::create_directories(directory, ignored);
    const auto path = directory + "/lock";
    auto lock = try_acquire(path);
    if (lock) return lock;
    if (lock.error().code == Errc::conflict) return Error{Errc::conflict, directory + " is in use by another process"};
    const bool is_read_only = ::access(directory.c_str(), W_OK) != 0 && errno == EROFS;
    if (is_read_only || !std::filesystem::exists(path, ignored)) return FileLock();
    return lock;
}

Result<bool> FileLock::renew_directory(const std::string& directory) {
    if (fd_ && is_linked(fd_.get())) return false;
    auto renewed = try_acquire_directory(directory);
    if (!renewed) return renewed.error();
    if (!renewed->is_held()) return false;
    *this = std::move(*renewed);
    return true;
}

Result<FileLock> FileLock::acquire(const std::string& path) {
    UniqueFd file(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
    if (!file) return errno_error(Errc::internal, "cannot open " + path);
    while (::flock(file.get(), LOCK_EX) != 0) {
        if (errno != EINTR) return errno_error(Errc::internal, "cannot lock " + path);
    }
    return FileLock(std::move(file));
}

}  // namespace fanion
