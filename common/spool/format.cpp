#include "common/spool/format.hpp"

#include <algorithm>
#include <limits>

#include "common/base/bytes.hpp"
#include "common/base/crc32c.hpp"

namespace fanion::spool {

namespace {

constexpr std::uint8_t batch_kind = 1;

std::string encode(const Record& record) {
    std::string out;
    out.reserve(64 + record.id.size() + record.body.size());
    append_le(out, batch_kind);
    append_le(out, record.number);
    append_le(out, record.content.counts);
    append_le(out, record.content.exposures);
    append_le(out, record.content.metrics);
    append_le(out, static_cast<std::uint16_t>(record.id.size()));
    out += record.id;
    out += record.body;
    return out;
}

std::optional<Record> decode(std::string_view payload) {
    const auto kind = take_le<std::uint8_t>(payload);
    const auto number = take_le<std::uint64_t>(payload);
    const auto counts = take_le<std::uint64_t>(payload);
    const auto exposures = take_le<std::uint64_t>(payload);
    const auto metrics = take_le<std::uint64_t>(payload);
    const auto id_length = take_le<std::uint16_t>(payload);
    if (!id_length || *kind != batch_kind) return std::nullopt;
    const auto id = take_bytes(payload, *id_length);
    if (!id) return std::nullopt;
    return Record{*number, std::string(*id), {*counts, *exposures, *metrics}, std::string(payload)};
}

// The CRC covers length, type and payload.
void append_fragment(std::string& out, FragmentType type, std::string_view payload) {
    std::string covered;
    append_le(covered, static_cast<std::uint16_t>(payload.size()));
    append_le(covered, static_cast<std::uint8_t>(type));
    append_le(out, crc32c(payload, crc32c(covered)));
    out += covered;
    out += payload;
}

std::size_t left_in_block(std::uint64_t offset) noexcept {
    return block_bytes - static_cast<std::size_t>(offset % block_bytes);
}

FragmentType type_of(bool is_first, bool is_last) noexcept {
    if (is_first) return is_last ? FragmentType::whole : FragmentType::first;
    return is_last ? FragmentType::last : FragmentType::middle;
}

bool starts(FragmentType type) noexcept { return type == FragmentType::whole || type == FragmentType::first; }
bool ends(FragmentType type) noexcept { return type == FragmentType::whole || type == FragmentType::last; }

}  // namespace

void append_record(std::string& out, std::uint64_t offset, const Record& record) {
    const std::string payload = encode(record);
    std::string_view left = payload;
    for (bool is_first = true; is_first || !left.empty(); is_first = false) {
        std::size_t room = left_in_block(offset);
        if (room <= fragment_header_bytes) {  // too small for a fragment with payload: zeros to the block's end
            out.append(room, '\0');
            offset += room;
            room = block_bytes;
        }
        const std::string_view piece = left.substr(0, room - fragment_header_bytes);
        left.remove_prefix(piece.size());
        append_fragment(out, type_of(is_first, left.empty()), piece);
        offset += fragment_header_bytes + piece.size();
    }
}

SegmentScanner::SegmentScanner(std::string_view segment) : segment_(segment) {
    at_ = segment_magic.size();
    skipped_ = !segment_.starts_with(segment_magic);
    if (!skipped_) good_end_ = at_;
}

std::optional<SegmentScanner::Fragment> SegmentScanner::fragment_at_front(std::string_view block) {
    if (block.size() < fragment_header_bytes) return std::nullopt;
    const auto crc = read_le<std::uint32_t>(block.data());
    const auto length = read_le<std::uint16_t>(block.data() + 4);
    const auto type = read_le<std::uint8_t>(block.data() + 6);
    if (type < 1 || type > 4 || fragment_header_bytes + length > block.size()) return std::nullopt;
    if (crc32c(block.substr(4, 3 + std::size_t{length})) != crc) return std::nullopt;
    return Fragment{static_cast<FragmentType>(type), block.substr(fragment_header_bytes, length)};
}

// To the next valid fragment in this block, or to the block's end. The length of a damaged fragment cannot be trusted, so
// every byte is tried; hardly any of them looks like a type and a length.
void SegmentScanner::skip_damage(std::string_view block) {
    skipped_ = true;
    for (std::size_t i = 1; i + fragment_header_bytes < block.size(); ++i) {
        const auto fragment = fragment_at_front(block.substr(i));
        if (!fragment || fragment->payload.empty()) continue;
        at_ += i;
        return;
    }
    at_ += left_in_block(at_);
}

// Empty: the end, or a damaged fragment, which was then skipped.
std::optional<SegmentScanner::Fragment> SegmentScanner::next_fragment() {
    if (at_ >= end()) return std::nullopt;
    const std::size_t room = left_in_block(at_);
    if (room <= fragment_header_bytes) {
        at_ += room;
        return next_fragment();
    }
    const std::string_view block = segment_.substr(static_cast<std::size_t>(at_ - base_), room);
    const auto fragment = fragment_at_front(block);
    if (!fragment) {
        skip_damage(block);
        return std::nullopt;
    }
    at_ += fragment_header_bytes + fragment->payload.size();
    return fragment;
}

std::optional<SegmentScanner::Found> SegmentScanner::next() {
    std::string assembled;
    std::uint64_t begin = 0;
    bool inside = false;
    while (at_ < end()) {
        const std::uint64_t before = at_;
        const auto fragment = next_fragment();
        if (!fragment || starts(fragment->type) == inside) {  // damaged, or fragments in the wrong order
            skipped_ = true;
            inside = false;
            assembled.clear();
            if (!fragment || !starts(fragment->type)) continue;
        }
        if (starts(fragment->type)) begin = before;
        inside = true;
        assembled += fragment->payload;
        if (!ends(fragment->type)) continue;
        inside = false;
        auto record = decode(assembled);
        assembled.clear();
        if (!record) {
            skipped_ = true;
            continue;
        }
        damaged_ = damaged_ || skipped_;
        skipped_ = false;
        good_end_ = at_;
        return Found{begin, at_ - begin, std::move(*record)};
    }
    return std::nullopt;
}

std::optional<Record> read_record(std::string_view bytes, std::uint64_t offset) {
    auto found = SegmentScanner(bytes, offset).next();
    if (!found || found->offset != offset || found->length != bytes.size()) return std::nullopt;
    return std::move(found->record);
}

}  // namespace fanion::spool
