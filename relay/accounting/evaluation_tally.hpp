#pragma once

// Evaluations of this process by environment and by SDK, for metrics: counted when counts are
// sealed into a batch, so that evaluations themselves pay nothing for it. Thread-safe.

#include <cstdint>
#include <map>
#include <mutex>
#include <span>
#include <string>
#include <string_view>

#include "common/wire/event_batch.hpp"

namespace fanion::relay::accounting {

class EvaluationTally {
public:
    using Numbers = std::map<std::string, std::uint64_t, std::less<>>;
    static constexpr std::size_t most_sdks = 50;
    static constexpr std::size_t most_environments = 1'000;

    void add(std::span<const wire::CountEvent> counts);

    // By env_id; those beyond the first 1,000 are "(other)".
    Numbers environments() const;
    // By what requests say they are made by ("python/1.0"). The names come from requests: those
    // beyond the first 50, and those that are not 1 to 41 printable ASCII characters, are
    // "(other)"; without one: "(none)".
    Numbers sdks() const;

private:
    mutable std::mutex mutex_;
    Numbers environments_;
    Numbers sdks_;
};

}  // namespace fanion::relay::accounting
