#pragma once

// A disk that does not answer. While a SlowDisk exists, every call of its operation waits until
// release(). For this, slow_disk.cpp replaces functions of the C library in the whole test program;
// without a SlowDisk they behave as usual.

#include <chrono>

namespace fanion::test {

enum class DiskOperation {
    write,    // pwrite
    reserve,  // posix_fallocate
    sync,     // fdatasync, fsync, msync
};

// One at a time.
class SlowDisk {
public:
    explicit SlowDisk(DiskOperation operation);
    ~SlowDisk();  // releases
    SlowDisk(const SlowDisk&) = delete;

    // Whether a thread waits for the disk within the limit.
    bool is_reached(std::chrono::milliseconds limit = std::chrono::seconds(60));
    void release();
};

}  // namespace fanion::test
