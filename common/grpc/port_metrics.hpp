#pragma once

#include <functional>

#include "common/grpc/port.hpp"
#include "common/telemetry/metrics.hpp"

namespace fanion::grpc_port {

// `read` is thread-safe and is called for as long as `registry` lives.
void register_metrics(telemetry::Registry& registry, const std::function<Counts()>& read);

}  // namespace fanion::grpc_port
