#pragma once

// A batch of events as it travels from a relay to the control plane (events.md): plain values and their JSON. Pure.
//
// Member order of the JSON is fixed, so equal batches have equal bytes. Unknown members are ignored when reading.

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "common/base/clock.hpp"
#include "common/base/error.hpp"
#include "common/json/document.hpp"

namespace fanion::wire {

// How often a flag gave a variation, for one set of labels.
struct CountEvent {
    std::string env;            // env_id
    std::string flag;           // the asked-for key, or "(other)"
    std::string variation;      // empty: the caller's own default was used
    std::uint64_t version = 0;  // the flag's; 0 for unknown flags
    std::string reason;         // OpenFeature's word: "TARGETING_MATCH", ..
    std::string sdk;            // "python/1.2", or empty
    std::uint64_t n = 0;
    friend bool operator==(const CountEvent&, const CountEvent&) = default;
};

struct ExposureEvent {
    std::string env;
    std::string flag;
    std::string variation;
    std::uint64_t version = 0;
    std::string unit;
    UnixMillis at = 0;
    std::string attrs = "{}";  // a JSON object, compact
    friend bool operator==(const ExposureEvent&, const ExposureEvent&) = default;
};

struct MetricEvent {
    std::string env;
    std::string key;
    std::string unit;
    UnixMillis at = 0;
    std::string value;  // a JSON number as it was spelled
    friend bool operator==(const MetricEvent&, const MetricEvent&) = default;
};

struct DroppedEvents {
    std::uint64_t counts = 0;  // evaluations, not rows
    std::uint64_t exposures = 0;
    std::uint64_t metrics = 0;
    friend bool operator==(const DroppedEvents&, const DroppedEvents&) = default;
};

struct EventBatch {
    std::string batch;  // "<relay id>.<boot>.<seq>", at most 200 bytes; idempotency key
    std::string relay;
    UnixMillis from = 0;
    UnixMillis to = 0;
    std::vector<CountEvent> counts;
    std::vector<ExposureEvent> exposures;
    std::vector<MetricEvent> metrics;
    DroppedEvents dropped;  // since the batch before
    friend bool operator==(const EventBatch&, const EventBatch&) = default;

    std::uint64_t evaluations() const noexcept;  // sum of n over the counts
};

// Names (env, flag, variation, unit, key, sdk, relay) are at most this long, and hold no NUL (PostgreSQL's text cannot).
inline constexpr std::size_t event_name_bytes = 256;

std::string to_json(const EventBatch& batch);

// The elements as they stand in the arrays, for writers that fill a batch piece by piece.
void append_json(std::string& out, const CountEvent& event);
void append_json(std::string& out, const ExposureEvent& event);
void append_json(std::string& out, const MetricEvent& event);

// Errors: too_large; invalid_input with findings whose pointers name the bad event ("/counts/3/n"). Codes: those of the
// pre-scan and of json::Reader, and `too_long`, `bad_character`. Lists and `dropped` may be missing; the rest may not.
Result<EventBatch> parse_event_batch(std::string_view text, const json::ScanLimits& limits = {});

// The three lists of an SDK's request ({"counts":[..],"exposures":[..],"metrics":[..]}, all optional, `env` of each
// element given by the key and therefore ignored when present) with the same checks and errors.
Result<EventBatch> parse_sdk_events(std::string_view text, std::string_view env_id,
                                    const json::ScanLimits& limits = {});

}  // namespace fanion::wire
