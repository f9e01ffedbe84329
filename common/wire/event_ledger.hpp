#pragma once

// Where the events are that a relay has accepted, as it reports it (status.hpp): accepted =
// delivered + queued + dropped, counted since its event directory was made. Pure.

#include <cstdint>
#include <string>
#include <vector>

#include "common/json/reader.hpp"
#include "common/json/writer.hpp"
#include "common/wire/event_numbers.hpp"

namespace fanion::wire {

struct DroppedFor {
    std::string reason;  // "spool_full", ..; of newer relays also others
    EventNumbers events;
    friend bool operator==(const DroppedFor&, const DroppedFor&) = default;
};
inline constexpr std::size_t most_drop_reasons = 20;

struct EventLedger {
    EventNumbers accepted;
    EventNumbers delivered;
    EventNumbers queued;
    std::vector<DroppedFor> dropped;  // reasons for which nothing was dropped may be missing
    std::uint64_t spool_bytes = 0;    // on the disk
    friend bool operator==(const EventLedger&, const EventLedger&) = default;
};

// {"accepted":{"counts","exposures","metrics"},"delivered":{..},"queued":{..},"dropped":[{"reason",
// "counts",..}],"spool_bytes":0}. Numbers beyond 2^53 - 1 are written as that.
void write_event_ledger(json::Writer& w, const EventLedger& ledger);
// What is missing is 0. Findings: malformed members; limit, more than 20 reasons.
EventLedger read_event_ledger(json::Reader& r);

}  // namespace fanion::wire
