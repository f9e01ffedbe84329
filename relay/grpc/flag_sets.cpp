#include "relay/grpc/flag_sets.hpp"

namespace fanion::relay::grpc {
namespace {

constexpr std::size_t most_logged = 100;

}  // namespace

std::shared_ptr<const std::string> FlagSets::get(const cache::EnvironmentState& environment) {
    const std::lock_guard lock(mutex_);  // while it is made: nobody makes the same
    auto& entry = entries_[environment.env_id];
    const bool is_new = entry.etag != environment.etag;
    if (auto held = entry.json.lock(); held && !is_new) return held;
    const auto name = environment.org + '/' + environment.project + '/' + environment.env;
    auto set = to_flagd(*environment.items, name, environment.etag);
    if (is_new) log_left_out(environment, set);
    auto json = std::make_shared<const std::string>(std::move(set.json));
    entry = {environment.etag, json};
    return json;
}

void FlagSets::log_left_out(const cache::EnvironmentState& environment, const FlagSet& set) const {
    if (set.left_out.empty()) return;
    std::string flags;
    for (std::size_t i = 0; i < set.left_out.size() && i < most_logged; ++i) {
        const auto& [flag, why] = set.left_out[i];
        flags.append(i == 0 ? "" : "; ").append(flag).append(": ").append(why);
    }
    log_.warn("flagd_flags_left_out", {{"environment", environment.env_id},
                                       {"version", environment.etag},
                                       {"count", std::uint64_t{set.left_out.size()}},
                                       {"flags", flags}});
}

}  // namespace fanion::relay::grpc
