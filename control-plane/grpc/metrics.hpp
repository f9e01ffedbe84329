#pragma once

// What the gRPC port counts. Registered once; counted and read by any thread.

#include <atomic>
#include <string_view>
#include <vector>

#include "common/telemetry/metrics.hpp"
#include "control-plane/grpc/rpc_status.hpp"

namespace fanion::cp::grpc {

class Metrics {
public:
    explicit Metrics(telemetry::Registry& registry);
    Metrics(const Metrics&) = delete;

    void on_begun(const Rpc& rpc) noexcept;
    void on_ended(Code code) noexcept;
    std::size_t in_progress() const noexcept { return in_progress_; }

private:
    std::vector<telemetry::Counter> calls_;  // in the order of rpc_table()
    telemetry::Counter codes_[code_count];
    std::atomic<std::size_t> in_progress_{0};
};

}  // namespace fanion::cp::grpc
