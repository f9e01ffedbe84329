#pragma once

// Disks with faults. A disk that does not answer: while a SlowDisk exists, every call of its
// operation waits until release(). For this, slow_disk.cpp replaces functions of the C library in
// the whole test program; without a SlowDisk they behave as usual.

#include <chrono>

namespace fanion::test {

enum class DiskOperation {
    write,    // pwrite
    reserve,  // posix_fallocate
    sync,     // fdatasync, fsync, msync
};

// While it exists, the file system is read-only: what creates, changes or removes files fails with
// EROFS, in the whole test program. Descriptors that are open for writing continue to work. One at
// a time.
class ReadOnlyDisk {
public:
    ReadOnlyDisk();
    ~ReadOnlyDisk();
    ReadOnlyDisk(const ReadOnlyDisk&) = delete;
};

// While it exists, every sync fails with EIO. One at a time.
class FailingSync {
public:
    FailingSync();
    ~FailingSync();
    FailingSync(const FailingSync&) = delete;
};

// While it exists, every pwrite to a file whose name ends like this fails with EIO. One at a time.
class FailingWrites {
public:
    explicit FailingWrites(const char* end_of_name);
    ~FailingWrites();
    FailingWrites(const FailingWrites&) = delete;
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
