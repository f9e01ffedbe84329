#include "tests/support/slow_disk.hpp"

#include <dlfcn.h>
#include <sys/types.h>

#include <condition_variable>
#include <mutex>
#include <optional>
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

template <class Function>
Function* original(const char* name) {
    return reinterpret_cast<Function*>(::dlsym(RTLD_NEXT, name));
}

}  // namespace

extern "C" {

ssize_t pwrite(int fd, const void* bytes, size_t size, off_t offset) {
    wait_for_disk(DiskOperation::write);
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
    return next(fd);
}

int fsync(int fd) {
    wait_for_disk(DiskOperation::sync);
    static auto* const next = original<int(int)>("fsync");
    return next(fd);
}

int msync(void* memory, size_t length, int flags) {
    wait_for_disk(DiskOperation::sync);
    static auto* const next = original<int(void*, size_t, int)>("msync");
    return next(memory, length, flags);
}
}

namespace fanion::test {

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
