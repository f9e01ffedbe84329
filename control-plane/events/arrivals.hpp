#pragma once

// What is stored of event batches, and of several of them together: their counts summed, and who
// evaluated what when. Pure.

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "common/base/clock.hpp"
#include "control-plane/access/ids.hpp"
#include "control-plane/events/count.hpp"
#include "control-plane/events/unit_rows.hpp"
#include "control-plane/sinks/sent_batch.hpp"

namespace fanion::cp::events {

// One batch.
struct Arrival {
    std::string batch_id;
    std::string relay;
    std::vector<CountRow> rows;  // as roll_up() makes them
    RelayDrops drops;
    std::uint64_t evaluations = 0;
    std::uint64_t exposures = 0;  // also those that are not stored
    std::uint64_t metrics = 0;
    UnitRows units;
    std::size_t bytes = 0;                   // about what it takes in memory
    std::optional<sinks::SentBatch> sent{};  // for sinks; none where there is no sink
    std::string part{};                      // see wire::EventBatch

    std::uint64_t events() const noexcept { return evaluations + exposures + metrics; }
};

// That a flag gave a variation, in minutes from `first` to `last`.
struct AnswerNote {
    access::EnvironmentId env_id;
    std::string flag;
    std::string variation;  // empty: the caller's own default
    UnixMillis first = 0;
    UnixMillis last = 0;
    friend bool operator==(const AnswerNote&, const AnswerNote&) = default;
};

// That a flag was evaluated through a relay and an SDK.
struct CallerNote {
    access::EnvironmentId env_id;
    std::string flag;
    std::string relay;
    std::string sdk;  // empty: not known
    UnixMillis last = 0;
    friend bool operator==(const CallerNote&, const CallerNote&) = default;
};

// What an organisation's further relays drop and deliver is added up under the name "(other)":
// batches may name any.
inline constexpr int most_named_relays = 10'000;

struct DropNote {
    std::string relay;
    RelayDrops drops;
    friend bool operator==(const DropNote&, const DropNote&) = default;
};

// What a relay delivered.
struct Delivery {
    std::string relay;
    std::int64_t counts = 0;  // evaluations
    std::int64_t exposures = 0;
    std::int64_t metrics = 0;
    std::int64_t repeated = 0;  // batches that had been stored before
    friend bool operator==(const Delivery&, const Delivery&) = default;
};

// The effects of some batches of one organisation. Each list is in the order of all its labels, and
// no two elements have the same ones.
struct Effects {
    std::vector<CountRow> counts;
    std::vector<AnswerNote> answers;
    std::vector<CallerNote> callers;
    std::vector<DropNote> drops;  // zeros left out
    UnitRows units;
    std::uint64_t events = 0;  // of all three kinds
};

// Numbers that would not fit stay at the largest one.
Effects effects_of(const std::vector<const Arrival*>& arrivals);

// By relay; `repeated`: batches that had been stored before.
std::vector<Delivery> deliveries_of(const std::vector<const Arrival*>& arrivals,
                                    const std::vector<const Arrival*>& repeated);

}  // namespace fanion::cp::events
