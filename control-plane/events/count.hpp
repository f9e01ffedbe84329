#pragma once

// What is stored of evaluations: counts, and the drops that relays report. Plain values.

#include <cstdint>
#include <string>

#include "common/base/clock.hpp"
#include "control-plane/access/ids.hpp"

namespace fanion::cp::events {

struct CountRow {
    access::EnvironmentId env_id;
    std::string flag;
    std::string variation;  // empty: the caller's own default
    std::int64_t version = 0;
    std::string reason;
    std::string sdk;
    UnixMillis minute = 0;  // its beginning
    std::int64_t n = 0;
    std::string rule{};  // id of the one that decided; empty: none
    friend bool operator==(const CountRow&, const CountRow&) = default;
};

struct RelayDrops {
    std::int64_t counts = 0;
    std::int64_t exposures = 0;
    std::int64_t metrics = 0;
    friend bool operator==(const RelayDrops&, const RelayDrops&) = default;
};

}  // namespace fanion::cp::events
