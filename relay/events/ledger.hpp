#pragma once

// How far the counters are sealed: one value, replaced atomically (common/base/state_file). Pure.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "common/base/clock.hpp"
#include "common/wire/event_batch.hpp"

namespace fanion::relay::events {

struct Ledger {
    std::uint64_t sealed = 0;     // evaluations in batches whose marks are set, ever
    UnixMillis from = 0;          // when the window of the next batch began
    wire::EventNumbers reported;  // drops that batches have reported to the control plane

    // The batch between steps 2 and 4 (counter_table.hpp); its id is empty when there is none.
    std::string pending_id;
    UnixMillis pending_to = 0;  // its window began at `from`
    std::uint64_t pending_n = 0;
    wire::EventNumbers pending_dropped;

    friend bool operator==(const Ledger&, const Ledger&) = default;
};

std::string encode(const Ledger& ledger);
std::optional<Ledger> decode_ledger(std::string_view bytes);  // empty when malformed

}  // namespace fanion::relay::events
