#pragma once

// The bytes of a spool segment (docs/spool-format.md). Pure.
//
// A segment is the magic followed by fragments in blocks of 32 KiB. A record is one fragment, or
// several where it crosses a block's end; a fragment never does. Each has a CRC-32C, so that torn
// and damaged fragments are detected; reading continues at the next valid one.

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "common/spool/totals.hpp"

namespace fanion::spool {

inline constexpr std::string_view segment_magic = "FANSPL1\n";
inline constexpr std::size_t block_bytes = 32 * 1024;
inline constexpr std::size_t fragment_header_bytes = 7;  // CRC 4, length 2, type 1

enum class FragmentType : std::uint8_t { whole = 1, first = 2, middle = 3, last = 4 };

// A sealed batch.
struct Record {
    std::uint64_t number = 0;  // 1, 2, .. in the order of append()
    std::string id;            // the batch's idempotency key
    Content content;
    std::string body;  // the batch as it is sent, not compressed
    friend bool operator==(const Record&, const Record&) = default;
};

// The record's fragments for a segment that has `offset` bytes so far (at least the magic).
void append_record(std::string& out, std::uint64_t offset, const Record& record);

// Iterates over the records of a segment. Refers to the bytes given at construction.
class SegmentScanner {
public:
    explicit SegmentScanner(std::string_view segment);

    struct Found {
        std::uint64_t offset;  // of its first fragment
        std::uint64_t length;  // of all its fragments, padding between them included
        Record record;
    };
    // The next complete record; empty at the end.
    std::optional<Found> next();

    // The end of the last complete record: what follows is a torn tail.
    std::uint64_t good_end() const noexcept { return good_end_; }
    // Bytes before the last complete record cannot be read.
    bool is_damaged() const noexcept { return damaged_; }

private:
    struct Fragment {
        FragmentType type;
        std::string_view payload;
    };
    static std::optional<Fragment> fragment_at_front(std::string_view block);
    std::optional<Fragment> next_fragment();
    void skip_damage(std::string_view block);

    friend std::optional<Record> read_record(std::string_view bytes, std::uint64_t offset);
    SegmentScanner(std::string_view bytes, std::uint64_t offset) : segment_(bytes), base_(offset), at_(offset) {}
    std::uint64_t end() const noexcept { return base_ + segment_.size(); }

    std::string_view segment_;
    std::uint64_t base_ = 0;  // where in the file segment_ begins
    std::uint64_t at_ = 0;    // in the file
    std::uint64_t good_end_ = 0;
    bool skipped_ = false;  // since the last whole record
    bool damaged_ = false;
};

// The record at `offset` of a segment, from exactly its bytes (SegmentScanner::Found); empty when
// damaged.
std::optional<Record> read_record(std::string_view bytes, std::uint64_t offset);

}  // namespace fanion::spool
