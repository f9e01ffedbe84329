#include "relay/events/ledger.hpp"

#include "common/base/bytes.hpp"

namespace fanion::relay::events {

namespace {

constexpr std::uint8_t layout = 1;

void append(std::string& out, UnixMillis time) { append_le(out, static_cast<std::uint64_t>(time)); }

void append(std::string& out, const wire::EventNumbers& dropped) {
    append_le(out, dropped.counts);
    append_le(out, dropped.exposures);
    append_le(out, dropped.metrics);
}

bool take(std::string_view& from, std::uint64_t& into) {
    const auto value = take_le<std::uint64_t>(from);
    into = value.value_or(0);
    return value.has_value();
}

bool take(std::string_view& from, UnixMillis& into) {
    std::uint64_t value = 0;
    const bool whole = take(from, value);
    into = static_cast<UnixMillis>(value);
    return whole;
}

bool take(std::string_view& from, wire::EventNumbers& into) {
    return take(from, into.counts) && take(from, into.exposures) && take(from, into.metrics);
}

}  // namespace

std::string encode(const Ledger& ledger) {
    std::string out;
    append_le(out, layout);
    append_le(out, ledger.sealed);
    append(out, ledger.from);
    append(out, ledger.reported);
    append(out, ledger.pending_to);
    append_le(out, ledger.pending_n);
    append(out, ledger.pending_dropped);
    out += ledger.pending_id;
    return out;
}

std::optional<Ledger> decode_ledger(std::string_view bytes) {
    if (take_le<std::uint8_t>(bytes) != layout) return std::nullopt;
    Ledger ledger;
    const bool whole = take(bytes, ledger.sealed) && take(bytes, ledger.from) && take(bytes, ledger.reported) &&
                       take(bytes, ledger.pending_to) && take(bytes, ledger.pending_n) &&
                       take(bytes, ledger.pending_dropped);
    if (!whole) return std::nullopt;
    ledger.pending_id = bytes;
    return ledger;
}

}  // namespace fanion::relay::events
