#pragma once

// Exposures of the relay's own evaluations: one flag was asked for, it is marked `track`, and a
// unit was given one of its variations. All flags at once are no exposure, because a page that
// fetches them has not seen them (docs/events.md). Functions of one worker thread.

#include <string>
#include <string_view>

#include "common/eval/run/evaluator.hpp"
#include "common/json/document.hpp"
#include "relay/serve/admission.hpp"

namespace fanion::relay::serve {

// wire::append_unit_digest() with the worker's hasher.
void append_digest(KeyHasher& hasher, std::string& out, std::string_view by, std::string_view unit);

// Call for each single evaluation. Does nothing where it is no exposure, or one that was noted
// before.
void note_exposure(WorkerDeps& services, const Caller& caller, const eval::Evaluation& evaluation, json::Value context,
                   UnixMillis now);

}  // namespace fanion::relay::serve
