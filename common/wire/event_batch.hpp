#pragma once

// A batch of events as a relay sends it to the control plane (docs/events.md): plain values and
// their JSON. Pure.
//
// The order of members in the JSON is fixed, so equal batches have equal bytes. Unknown members are
// ignored when reading.

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "common/base/clock.hpp"
#include "common/base/error.hpp"
#include "common/json/document.hpp"
#include "common/wire/event_numbers.hpp"

namespace fanion::wire {

// How often a flag evaluated to a variation, for one set of labels.
struct CountEvent {
    std::string env;            // env_id
    std::string flag;           // the requested key, or "(other)"
    std::string variation;      // empty: the caller's own default was used
    std::uint64_t version = 0;  // the flag's version; 0 for unknown flags
    std::string reason;         // an OpenFeature reason: "TARGETING_MATCH", ..
    std::string sdk;            // "python/1.2", or empty
    std::uint64_t n = 0;
    std::string rule{};  // id of the rule that decided; empty where none did
    friend bool operator==(const CountEvent&, const CountEvent&) = default;
};

// A unit was served a variation.
struct ExposureEvent {
    std::string env;
    std::string flag;
    std::string variation;
    std::uint64_t version = 0;
    std::string unit;
    UnixMillis at = 0;
    std::string attrs = "{}";  // a JSON object, compact
    std::string exp{};         // the experiment, its run and phase; empty: none
    std::string by{};          // the attribute that the unit is the value of; empty: targetingKey
    friend bool operator==(const ExposureEvent&, const ExposureEvent&) = default;
};

// A measurement for a unit.
struct MetricEvent {
    std::string env;
    std::string key;
    std::string unit;
    UnixMillis at = 0;
    std::string value;  // a JSON number, as spelled
    std::string by{};   // as above
    friend bool operator==(const MetricEvent&, const MetricEvent&) = default;
};

struct EventBatch {
    std::string batch;   // "<relay id>.<boot>.<seq>", at most 200 bytes; the idempotency key
    std::string part{};  // of a batch that was divided, as a path of halvings ("01"); `batch` ends with '.' and it
    std::string relay;
    UnixMillis from = 0;
    UnixMillis to = 0;
    bool has_digests = false;  // units are digests (sdk_events.hpp), not names
    std::vector<CountEvent> counts;
    std::vector<ExposureEvent> exposures;
    std::vector<MetricEvent> metrics;
    EventNumbers dropped;  // what the relay discarded since the previous batch
    friend bool operator==(const EventBatch&, const EventBatch&) = default;

    std::string whole_id() const;                // `batch`, or of a part that of the whole
    std::uint64_t evaluations() const noexcept;  // sum of n over the counts
};

// The longest path of a part. (So many halvings leave one row of any batch.)
inline constexpr std::size_t most_halvings = 32;

// The longest name (env, flag, variation, unit, key, sdk, rule, relay). Names contain no NUL, which
// PostgreSQL's text cannot store.
inline constexpr std::size_t event_name_bytes = 256;

// Whether PostgreSQL can store a number that is spelled like this in jsonb: it has a bound on the
// digits after the point.
bool is_storable_number(std::string_view number) noexcept;

std::string to_json(const EventBatch& batch);

// Append one element of the arrays, for callers that write a batch piece by piece.
void append_json(std::string& out, const CountEvent& event);
void append_json(std::string& out, const ExposureEvent& event);
void append_json(std::string& out, const MetricEvent& event);

// Errors: too_large; invalid_input with findings whose pointers identify the event ("/counts/3/n").
// The codes are those of json::prescan() and json::Reader, `too_long` and `bad_character`. Only the
// lists and `dropped` are optional.
Result<EventBatch> parse_event_batch(std::string_view text, const json::ScanLimits& limits = {});

// The JSON of a batch whose exposures and metrics are there as JSON already: elements of the lists,
// with commas between them. Its own lists of those must be empty.
std::string to_json(const EventBatch& batch, std::string_view exposures, std::string_view metrics);

// The digest of a unit (sdk_events.hpp) of this batch: the unit itself where it is one already.
// `by`: empty for targetingKey.
std::string unit_digest(const EventBatch& batch, std::string_view by, const std::string& unit);

}  // namespace fanion::wire
