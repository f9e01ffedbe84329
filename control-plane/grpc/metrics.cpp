#include "control-plane/grpc/metrics.hpp"

namespace fanion::cp::grpc {

Metrics::Metrics(telemetry::Registry& registry) : calls_(rpc_table().size()) {
    const auto table = rpc_table();
    for (std::size_t i = 0; i < table.size(); ++i) {
        registry.counter("fanion_control_plane_grpc_calls_total", "RPCs that have begun, by method.",
                         {{"method", std::string(table[i].service) + '/' + std::string(table[i].name)}}, calls_[i]);
    }
    for (std::size_t i = 0; i < code_count; ++i) {
        registry.counter("fanion_control_plane_grpc_ended_total", "RPCs that have ended, by the code of their status.",
                         {{"code", std::string(name_of(static_cast<Code>(i)))}}, codes_[i]);
    }
    registry.gauge_from("fanion_control_plane_grpc_calls", "RPCs in progress.", {},
                        [this] { return static_cast<double>(in_progress()); });
}

void Metrics::on_begun(const Rpc& rpc) noexcept {
    calls_[static_cast<std::size_t>(&rpc - rpc_table().data())].add();
    ++in_progress_;
}

void Metrics::on_ended(Code code) noexcept {
    codes_[static_cast<std::size_t>(code)].add();
    --in_progress_;
}

}  // namespace fanion::cp::grpc
