#include "common/spool/cursor.hpp"

#include "common/base/bytes.hpp"

namespace fanion::spool {

namespace {

constexpr std::uint8_t layout = 1;

void append(std::string& out, const Content& content) {
    append_le(out, content.counts);
    append_le(out, content.exposures);
    append_le(out, content.metrics);
}

void append(std::string& out, std::string_view text) {
    append_le(out, static_cast<std::uint16_t>(text.size()));
    out += text;
}

bool take(std::string_view& from, std::uint64_t& into) {
    const auto value = take_le<std::uint64_t>(from);
    into = value.value_or(0);
    return value.has_value();
}

bool take(std::string_view& from, Content& into) {
    return take(from, into.counts) && take(from, into.exposures) && take(from, into.metrics);
}

bool take(std::string_view& from, std::string& into) {
    const auto length = take_le<std::uint16_t>(from);
    const auto text = length ? take_bytes(from, *length) : std::nullopt;
    into = text.value_or("");
    return text.has_value();
}

}  // namespace

std::string encode(const Cursor& cursor) {
    std::string out;
    append_le(out, layout);
    append_le(out, cursor.through);
    append_le(out, cursor.kept);
    append_le(out, cursor.part_of);
    append(out, cursor.part);
    append(out, cursor.part_done);
    append(out, cursor.last_id);
    append(out, cursor.delivered);
    for (const auto& content : cursor.dropped.by_reason) append(out, content);
    return out;
}

std::optional<Cursor> decode_cursor(std::string_view bytes) {
    if (take_le<std::uint8_t>(bytes) != layout) return std::nullopt;
    Cursor cursor;
    bool whole = take(bytes, cursor.through) && take(bytes, cursor.kept) && take(bytes, cursor.part_of) &&
                 take(bytes, cursor.part) && take(bytes, cursor.part_done) && take(bytes, cursor.last_id) &&
                 take(bytes, cursor.delivered);
    for (auto& content : cursor.dropped.by_reason) whole = whole && take(bytes, content);
    if (!whole || !bytes.empty()) return std::nullopt;
    return cursor;
}

}  // namespace fanion::spool
