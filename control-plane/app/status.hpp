#pragma once

// What the control plane adds to the operators' port (common/service/operators.hpp). Call on the
// I/O thread.

#include <string>

#include "common/json/writer.hpp"
#include "control-plane/app/services.hpp"

namespace fanion::cp::app {

// Why the control plane must not get traffic, or "" if it is ready. `services` is null until the
// database was reached.
std::string not_ready_reason(const Services* services);

// The control plane's members of /status: database_up and, once there are services, the
// installation and what is open.
void write_status(json::Writer& w, const Services* services);

}  // namespace fanion::cp::app
