#pragma once

// The events that an SDK sends (docs/events.md, POST /sdk/v1/events): checked, and written as a
// relay's batch has them. Pure.
//
// Nothing is built per event: elements are checked where they were parsed, and written behind each
// other.

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "common/base/clock.hpp"
#include "common/base/error.hpp"
#include "common/json/document.hpp"

namespace fanion::wire {

// Appends what stands for a unit where units' names are not to leave the relay: 32 hex digits, the
// first 16 bytes of SHA-256(`by`, a NUL, `unit`).
using AppendUnit = std::function<void(std::string& out, std::string_view by, std::string_view unit)>;
void append_unit_digest(std::string& out, std::string_view by, std::string_view unit);

// The attribute whose value is the unit, where an event does not say it.
inline constexpr std::string_view default_unit = "targetingKey";

// Evaluations that the SDK made.
struct SdkCount {
    std::string_view flag;
    std::string_view variation;  // empty: the caller's own default
    std::string_view reason;
    std::string_view rule;  // empty: none
    std::uint64_t version = 0;
    std::uint64_t n = 0;
};

// One request. Views point into the document that was read.
struct SdkEvents {
    std::string_view batch;  // its id; empty: it has none
    std::string_view key;    // the API key, where the body names one
    std::vector<SdkCount> counts;
    std::uint64_t evaluations = 0;  // sum of n over the counts
    std::string exposures;          // elements of a batch's list, with commas between them
    std::uint64_t exposure_count = 0;
    std::string metrics;  // likewise
    std::uint64_t metric_count = 0;

    bool empty() const noexcept { return counts.empty() && exposure_count == 0 && metric_count == 0; }
};

struct SdkSource {
    std::string_view env_id;  // the environment of the SDK's key
    UnixMillis now = 0;       // events from more than five minutes later are from now
    const AppendUnit& append_unit;
};

// The bounds of one request.
inline constexpr std::size_t most_sdk_events = 10'000;        // elements of the three lists
inline constexpr std::uint64_t most_counted = 1'000'000'000;  // evaluations, all counts together
inline constexpr std::size_t most_exposure_attributes = 16;   // of one exposure
inline constexpr std::size_t most_units = 4;                  // of one metric event

// Reads {"batch":"..","counts":[..],"exposures":[..],"metrics":[..]}, all of it optional, into
// `out`, whose capacity is kept. Unknown members are ignored. Error: invalid_input with findings
// whose pointers identify the events ("/exposures/3/unit"), at most a hundred; the codes are
// `missing`, `wrong_type`, `out_of_range`, `too_long`, `bad_character` and `limit`.
Result<> read_sdk_events(json::Value root, const SdkSource& source, SdkEvents& out);

// The API key that a body names; empty if it names none.
std::string_view key_of(json::Value root) noexcept;

}  // namespace fanion::wire
