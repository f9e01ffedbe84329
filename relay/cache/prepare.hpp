#pragma once

// From delivered bytes to something that can be served: acceptance steps 1 to 10 in one call, for what comes from the network
// and for what is read from disk alike. CPU work for the blocking pool; a function of its inputs.

#include <memory>
#include <string>
#include <string_view>
#include <variant>

#include "relay/cache/environment_registry.hpp"
#include "relay/cache/probation.hpp"

namespace fanion::relay::cache {

// Accepted and compiled, not served yet.
struct Candidate {
    EnvironmentStatePtr state;
    std::string
        file_head;  // lines 0 and 1 for the disk: the full form's, or the delta's manifest over the complete items
};

struct PrepareInput {
    std::string_view bytes;
    const wire::TrustDocument& trust;
    std::string_view env_id;
    std::optional<wire::Floor> floor;
    const EnvironmentState* held = nullptr;  // base of deltas, and source of prepared items
    const Probation& probation;
    std::shared_ptr<EnvironmentSignals> signals;
    UnixMillis now = 0;
    bool at_rest = false;
    std::size_t max_bytes = 40u * 1024 * 1024;
};

std::variant<Candidate, wire::Rejection> prepare(const PrepareInput& input);

// The candidate's file.
std::string snapshot_bytes(const Candidate& candidate);

inline wire::Floor floor_of(const EnvironmentState& state) { return {state.version, state.root}; }

}  // namespace fanion::relay::cache
