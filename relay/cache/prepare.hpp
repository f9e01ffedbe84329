#pragma once

// From delivered bytes to something that can be served: acceptance steps 1 to 10 in one call, for
// what comes from the network and for what is read from disk alike. CPU work for the blocking pool;
// pure, but for the mark of the compile.

#include <memory>
#include <string>
#include <variant>

#include "relay/cache/environment_registry.hpp"
#include "relay/cache/journal.hpp"
#include "relay/cache/probation.hpp"

namespace fanion::relay::cache {

// Accepted and compiled, not in service yet.
struct Candidate {
    EnvironmentStatePtr state;
    // Lines 0 and 1 for the disk: the full form's, or the delta's manifest over the complete items.
    std::string file_head;
    // The delta that led to it from the ruleset held; null: it came whole.
    JournalRecordPtr delta;
    std::string trace = {};  // of the change, as the document has it; not signed
    bool was_at_rest = false;
};

// A document, and what the receiver holds and requires. Owns everything, so that a job on the pool
// can keep it.
struct PrepareInput {
    std::string bytes;
    std::shared_ptr<const wire::TrustDocument> trust;  // not null
    std::string env_id;
    std::optional<wire::Floor> floor;
    EnvironmentStatePtr held;  // base of deltas, and source of compiled items; null: nothing is held
    Probation probation;
    std::shared_ptr<EnvironmentSignals> signals;  // of the prepared state
    UnixMillis now = 0;
    bool at_rest = false;        // see wire::Expected
    std::string mark_directory;  // where the compile is marked (CompileMark); empty: nowhere
    std::size_t max_bytes = 40u * 1024 * 1024;
};

std::variant<Candidate, wire::Rejection> prepare(const PrepareInput& input);

// The content of the candidate's snapshot file.
std::string snapshot_bytes(const Candidate& candidate);

inline wire::Floor floor_of(const EnvironmentState& state) { return {state.version, state.root}; }

}  // namespace fanion::relay::cache
