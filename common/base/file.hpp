#pragma once

// POSIX files: descriptors that close themselves, complete reads and writes, atomic replacement,
// locks. Everything here blocks. Functions are thread-safe for different files; objects belong to
// one thread.

#include <sys/types.h>

#include <cerrno>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <string>
#include <string_view>
#include <utility>

#include "common/base/error.hpp"

namespace fanion {

// "<what>: <the system's text for `reason`>".
Error errno_error(Errc code, const std::string& what, int reason = errno);

// Owns a file descriptor, or none.
class UniqueFd {
public:
    UniqueFd() noexcept = default;
    explicit UniqueFd(int fd) noexcept : fd_(fd) {}  // a negative number, as ::open returns on failure, is none
    UniqueFd(UniqueFd&& other) noexcept : fd_(std::exchange(other.fd_, -1)) {}
    UniqueFd& operator=(UniqueFd other) noexcept {
        std::swap(fd_, other.fd_);
        return *this;
    }
    ~UniqueFd();  // keeps errno

    int get() const noexcept { return fd_; }
    explicit operator bool() const noexcept { return fd_ >= 0; }

private:
    int fd_ = -1;
};

// These continue after a signal and after partial transfers. False: errno tells why; part may have
// been transferred.
bool write_all(int fd, std::string_view bytes) noexcept;
bool write_all_at(int fd, std::uint64_t offset, std::string_view bytes) noexcept;
// Replaces `out` by `length` bytes from `offset`, or fewer if the file ends earlier.
bool read_at(int fd, std::uint64_t offset, std::size_t length, std::string& out);
// Replaces `out` by everything up to the end, or by `limit` + 1 bytes when there are more than
// `limit`.
bool read_to_end(int fd, std::string& out, std::size_t limit);

// False: no directory names the file any more.
bool is_linked(int fd) noexcept;

// The content of a file. Errors: not_found, too_large (more than `limit` bytes), internal; the
// detail names the path.
inline constexpr std::size_t any_size = std::numeric_limits<std::size_t>::max() - 1;
Result<std::string> read_file(const std::string& path, std::size_t limit = any_size);

// As read_file, of a regular file: a FIFO would wait for a writer, a device may have no end. Error:
// also invalid_input for anything else.
Result<std::string> read_regular_file(const std::string& path, std::size_t limit = any_size);

// What a replaced file survives: the end of the process (the page cache is enough), or also a power
// cut (fdatasync of the file and fsync of its directory).
enum class Durability { process, power_cut };

// Writes `<path>.tmp` with `mode` and renames it to `path`: a reader finds the old content or the
// new, whatever fails in between that `durability` covers. Error: internal, with the path and the
// reason; `path` then has its old content, unless only the fsync of the directory failed.
Result<> replace_file(const std::string& path, std::string_view bytes, Durability durability, mode_t mode = 0600);

// Makes creations, renames and removals in a directory survive a power cut. An empty path is the
// working directory. Error: internal.
Result<> sync_directory(const std::string& path);

// An exclusive flock(2) of a file or directory, held until destroyed or the process ends, however
// it ends. It excludes other FileLocks of the same process too. Default-constructed and moved-from
// objects hold nothing.
class FileLock {
public:
    FileLock() noexcept = default;

    // Does not wait. Creates the file (mode 0600) when it is missing. Errors: conflict when another
    // holds the lock; internal when the file cannot be opened.
    static Result<FileLock> try_acquire(const std::string& path);

    // One process per directory: creates the directory and acquires `<directory>/lock`. The lock is
    // empty if that file cannot be created, or the directory is on a read-only file system: no
    // other process can write there either. Errors: conflict; internal when the file exists and
    // cannot be locked.
    static Result<FileLock> try_acquire_directory(const std::string& directory);

    // Acquires the lock of that directory again if none is held or its file was removed. True if it
    // did. Errors: those of try_acquire_directory().
    Result<bool> renew_directory(const std::string& directory);

    // Waits for a lock of an existing file or directory. Error: internal.
    static Result<FileLock> acquire(const std::string& path);

    bool is_held() const noexcept { return static_cast<bool>(fd_); }

private:
    explicit FileLock(UniqueFd fd) noexcept : fd_(std::move(fd)) {}
    UniqueFd fd_;
};

}  // namespace fanion
