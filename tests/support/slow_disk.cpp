#include "tests/support/slow_disk.hpp"

#include <dlfcn.h>
#include <fcntl.h>
#include <sys/types.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <condition_variable>
#include <cstdarg>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

namespace {

using fanion::test::DiskOperation;

struct Gate {
    std::mutex mutex;
    std::condition_variable changed;
    std::optional<DiskOperation> closed_for;
    unsigned waiting = 0;
};

Gate& gate() {
    static Gate instance;
    return instance;
}

void wait_for_disk(DiskOperation operation) {
    Gate& g = gate();
    std::unique_lock lock(g.mutex);
    if (g.closed_for != operation) return;
    ++g.waiting;
    g.changed.notify_all();
    g.changed.wait(lock, [&] { return g.closed_for != operation; });
    --g.waiting;
}

std::atomic<bool> is_read_only{false};
std::atomic<bool> sync_fails{false};
std::atomic<const char*> failing_name{nullptr};

bool refuses_change() {
    if (is_read_only) errno = EROFS;
    return is_read_only;
}

int sync_result(int result) {
    if (!sync_fails) return result;
    errno = EIO;
    return -1;
}

bool refuses_write(int fd) {
    const char* const name = failing_name;
    if (!name) return false;
    char path[4096];
    const auto link = "/proc/self/fd/" + std::to_string(fd);
    const auto size = ::readlink(link.c_str(), path, sizeof path);
    if (size < 0 || !std::string_view(path, static_cast<std::size_t>(size)).ends_with(name)) return false;
    errno = EIO;
    return true;
}

template <class Function>
Function* original(const char* name) {
    return reinterpret_cast<Function*>(::dlsym(RTLD_NEXT, name));
}

}  // namespace

extern "C" {

int open(const char* path, int flags, ...) {
    const bool changes = (flags & O_ACCMODE) != O_RDONLY || (flags & (O_CREAT | O_TRUNC)) != 0;
    if (changes && refuses_change()) return -1;
    mode_t mode = 0;
    if ((flags & (O_CREAT | O_TMPFILE)) != 0) {
        va_list arguments;
        va_start(arguments, flags);
        mode = va_arg(arguments, mode_t);
        va_end(arguments);
    }
    static auto* const next = original<int(const char*, int, ...)>("open");
    return next(path, flags, mode);
}

int rename(const char* from, const char* to) {
    static auto* const next = original<int(const char*, const char*)>("rename");
    return refuses_change() ? -1 : next(from, to);
}

int unlink(const char* path) {
    static auto* const next = original<int(const char*)>("unlink");
    return refuses_change() ? -1 : next(path);
}

int remove(const char* path) {
    static auto* const next = original<int(const char*)>("remove");
    return refuses_change() ? -1 : next(path);
}

int mkdir(const char* path, mode_t mode) {
    static auto* const next = original<int(const char*, mode_t)>("mkdir");
    return refuses_change() ? -1 : next(path, mode);
}

int truncate(const char* path, off_t length) {
    static auto* const next = original<int(const char*, off_t)>("truncate");
    return refuses_change() ? -1 : next(path, length);
}

ssize_t pwrite(int fd, const void* bytes, size_t size, off_t offset) {
    wait_for_disk(DiskOperation::write);
    if (refuses_write(fd)) return -1;
    static auto* const next = original<ssize_t(int, const void*, size_t, off_t)>("pwrite");
    return next(fd, bytes, size, offset);
}

int posix_fallocate(int fd, off_t offset, off_t length) {
    wait_for_disk(DiskOperation::reserve);
    static auto* const next = original<int(int, off_t, off_t)>("posix_fallocate");
    return next(fd, offset, length);
}

int fdatasync(int fd) {
    wait_for_disk(DiskOperation::sync);
    static auto* const next = original<int(int)>("fdatasync");
    return sync_result(next(fd));
}

int fsync(int fd) {
    wait_for_disk(DiskOperation::sync);
    static auto* const next = original<int(int)>("fsync");
    return sync_result(next(fd));
}

int msync(void* memory, size_t length, int flags) {
    wait_for_disk(DiskOperation::sync);
    static auto* const next = original<int(void*, size_t, int)>("msync");
    return sync_result(next(memory, length, flags));
}
}

namespace fanion::test {

ReadOnlyDisk::ReadOnlyDisk() { is_read_only = true; }
ReadOnlyDisk::~ReadOnlyDisk() { is_read_only = false; }

FailingWrites::FailingWrites(const char* end_of_name) { failing_name = end_of_name; }
FailingWrites::~FailingWrites() { failing_name = nullptr; }

FailingSync::FailingSync() { sync_fails = true; }
FailingSync::~FailingSync() { sync_fails = false; }

SlowDisk::SlowDisk(DiskOperation operation) {
    const std::lock_guard lock(gate().mutex);
    gate().closed_for = operation;
}

SlowDisk::~SlowDisk() { release(); }

bool SlowDisk::is_reached(std::chrono::milliseconds limit) {
    std::unique_lock lock(gate().mutex);
    return gate().changed.wait_for(lock, limit, [] { return gate().waiting > 0; });
}

void SlowDisk::release() {
    const std::lock_guard lock(gate().mutex);
    gate().closed_for.reset();
    gate().changed.notify_all();
}

}  // namespace fanion::test
