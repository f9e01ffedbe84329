#pragma once

// What is reported of one environment: to the control plane in the status report, and in the
// operators' /status. A plain value, made from what is held and what is on disk.

#include <optional>
#include <string>

#include "common/base/clock.hpp"
#include "common/wire/status.hpp"

namespace fanion::relay::cache {

class HeldEnvironment;
class EnvironmentWriter;

struct EnvironmentReport {
    wire::EnvironmentStatus status;
    std::optional<wire::Version> floor;
    UnixMillis stale_for = 0;
    UnixMillis issued_at = 0;
    UnixMillis applied_at = 0;
    std::size_t items = 0;
    bool on_probation = false;
    std::string disk_problem;
};

// Empty when there is nothing to report: revoked, or nothing usable was ever received.
std::optional<EnvironmentReport> make_report(const HeldEnvironment& held, const EnvironmentWriter& writer,
                                             UnixMillis now);

}  // namespace fanion::relay::cache
