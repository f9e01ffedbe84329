#pragma once

// Appends records to one new segment file. A record is one write; after a failed write the file is truncated to its
// previous size and the writer must not be used again. Appending does not sync: records survive a kill; sync() is for
// power cuts. One thread.

#include <cstdint>
#include <string>

#include "common/base/error.hpp"
#include "relay/spool/format.hpp"

namespace fanion::relay::spool {

class SegmentWriter {
public:
    // Creates the file, which must not exist. Error: unavailable.
    static Result<SegmentWriter> create(const std::string& path);
    SegmentWriter(SegmentWriter&& other) noexcept;
    SegmentWriter& operator=(SegmentWriter&& other) noexcept;
    ~SegmentWriter();

    struct Written {
        std::uint64_t offset;
        std::uint64_t length;
    };
    Result<Written> append(const Record& record);
    std::uint64_t size() const noexcept { return size_; }
    void sync() const noexcept;

private:
    explicit SegmentWriter(int fd) : fd_(fd) {}
    Result<> write_all(std::string_view bytes);

    int fd_ = -1;
    std::uint64_t size_ = 0;
};

}  // namespace fanion::relay::spool
