#include "common/wire/event_ledger.hpp"

#include <algorithm>
#include <string_view>

#include "common/wire/json_input.hpp"

namespace fanion::wire {
namespace {

constexpr std::size_t reason_bytes = 100;

void write_number(json::Writer& w, std::string_view name, std::uint64_t number) {
    w.member(name, std::min(number, static_cast<std::uint64_t>(largest_integer)));
}

void write_numbers(json::Writer& w, const EventNumbers& numbers) {
    write_number(w, "counts", numbers.counts);
    write_number(w, "exposures", numbers.exposures);
    write_number(w, "metrics", numbers.metrics);
}

void write_state(json::Writer& w, std::string_view name, const EventNumbers& numbers) {
    w.key(name).begin_object();
    write_numbers(w, numbers);
    w.end_object();
}

std::uint64_t read_number(json::Reader& r, std::string_view name) {
    return static_cast<std::uint64_t>(r.integer(name, 0, largest_integer, 0));
}

EventNumbers read_numbers(json::Reader& r) {
    return {read_number(r, "counts"), read_number(r, "exposures"), read_number(r, "metrics")};
}

EventNumbers read_state(json::Reader& r, std::string_view name) {
    if (!r.has(name)) return {};
    auto state = r.object(name);
    return read_numbers(state);
}

}  // namespace

void write_event_ledger(json::Writer& w, const EventLedger& ledger) {
    w.begin_object();
    write_state(w, "accepted", ledger.accepted);
    write_state(w, "delivered", ledger.delivered);
    write_state(w, "queued", ledger.queued);
    w.key("dropped").begin_array();
    for (const auto& dropped : ledger.dropped) {
        w.begin_object().member("reason", dropped.reason);
        write_numbers(w, dropped.events);
        w.end_object();
    }
    w.end_array();
    write_number(w, "spool_bytes", ledger.spool_bytes);
    w.end_object();
}

EventLedger read_event_ledger(json::Reader& r) {
    EventLedger ledger{read_state(r, "accepted"), read_state(r, "delivered"), read_state(r, "queued"), {}, 0};
    for (auto& element : r.array("dropped")) {
        auto reason = element.string("reason");
        const bool is_name = reason.size() <= reason_bytes && reason.find('\0') == std::string::npos;
        if (!is_name) element.fail_at("reason", "malformed", "is at most 100 bytes without U+0000");
        ledger.dropped.push_back({std::move(reason), read_numbers(element)});
    }
    if (ledger.dropped.size() > most_drop_reasons) r.fail_at("dropped", "limit", "has more than 20 reasons");
    ledger.spool_bytes = read_number(r, "spool_bytes");
    return ledger;
}

}  // namespace fanion::wire
