#pragma once

// Reads segment files. Stateless functions.

#include <cstdint>
#include <string>
#include <vector>

#include "common/base/error.hpp"
#include "common/spool/format.hpp"

namespace fanion::spool {

struct SegmentContent {
    struct Entry {
        std::uint64_t offset;
        std::uint64_t length;
        std::uint64_t number;
        std::string id;
        Content content;
    };
    std::vector<Entry> entries;  // complete records in order; their bodies stay on disk
    std::uint64_t bytes = 0;     // of the file
    std::uint64_t good_end = 0;  // less than `bytes`: a torn tail
    bool damaged = false;        // bytes before the last complete record cannot be read
};

// Error: unavailable (also when it is not a regular file, or larger than any segment).
Result<SegmentContent> read_segment(const std::string& path);

// One record. Errors: not_found (the file), invalid_input (damaged), unavailable (try again).
Result<Record> read_record_at(const std::string& path, std::uint64_t offset, std::uint64_t length);

// Truncates the file after its last complete record.
Result<> cut_segment(const std::string& path, std::uint64_t good_end);

}  // namespace fanion::spool
