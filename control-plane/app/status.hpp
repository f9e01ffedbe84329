#pragma once

// What the control plane adds to the operators' port (common/service/operators.hpp).
// Thread-safe.

#include <string>

#include "common/json/writer.hpp"
#include "control-plane/app/serving.hpp"

namespace fanion::cp::app {

// Why the control plane must not get traffic, or "" if it is ready. `serving` is null until the
// database was reached.
std::string not_ready_reason(const Serving* serving);

// The control plane's members of /status: database_up and, once it serves, the
// installation and what is open.
void write_status(json::Writer& w, const Serving* serving);

}  // namespace fanion::cp::app
