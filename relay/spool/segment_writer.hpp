#pragma once

// Appends records to one new segment file. A record is one write; after a failed write the file is
// truncated to its previous size and the writer must not be used again. Appending does not sync:
// records survive a kill; sync() is for power cuts. One thread.

#include <cstdint>
#include <optional>
#include <string>
#include <utility>

#include "common/base/file.hpp"
#include "common/spool/format.hpp"

namespace fanion::relay::spool {

using namespace fanion::spool;  // the format, which the command line reads too

class SegmentWriter {
public:
    // Creates the file, which must not exist. Error: unavailable.
    static Result<SegmentWriter> create(const std::string& path);

    struct Written {
        std::uint64_t offset;
        std::uint64_t length;
    };
    Result<Written> append(const Record& record);
    std::uint64_t size() const noexcept { return size_; }
    // Error: unavailable.
    Result<> sync() const;
    // False: the file was removed. read() still finds what was appended.
    bool is_linked() const noexcept { return fanion::is_linked(fd_.get()); }
    // Empty when it cannot be read.
    std::optional<Record> read(std::uint64_t offset, std::uint64_t length) const;

private:
    explicit SegmentWriter(UniqueFd fd) : fd_(std::move(fd)) {}
    Result<> write_all(std::string_view bytes);

    UniqueFd fd_;
    std::uint64_t size_ = 0;
};

}  // namespace fanion::relay::spool
