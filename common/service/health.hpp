#pragma once

// What a service reports about itself on the operators' port: where it is in its life, and whether
// it should get traffic. Pure functions and a plain value. Thread-safe.

#include <atomic>
#include <string>

namespace fanion::service {

struct Health {
    std::atomic<bool> started{false};   // the start is complete: ports open, everything needed at the start is there
    std::atomic<bool> stopping{false};  // set once, when the stop begins; never ready again
};

// Returns why the process must not get traffic, or "" if it is ready. `own_reason` is the service's
// own reason, "" if it has none; it counts only between start and stop.
std::string not_ready_reason(const Health& health, std::string own_reason);

// The body of /livez, /readyz, /healthz and /startupz: {"status":"ok"} for an empty reason,
// otherwise {"status":"unavailable","reason":".."}.
std::string health_json(const std::string& reason);

}  // namespace fanion::service
