#pragma once

// What OFREP and the native form share: reading the context, evaluating for a caller, counting.

#include <string>
#include <string_view>

#include "common/eval/run/evaluator.hpp"
#include "common/json/document.hpp"
#include "relay/serve/admission.hpp"

namespace fanion::relay::serve {

// Views of services.document, valid until it parses again.
struct RequestContext {
    json::Value root;     // the whole body; empty if there was none
    json::Value context;  // empty if it is missing or null
};

enum class BodyKind { one_context, many_contexts };  // limited to the size of a context, or of a request

// Parses {"context": ..} into services.document. An empty body has no context. Refusals: parse_error, too_large.
boost::system::result<RequestContext, Refusal> read_context(WorkerDeps& services, std::string_view body,
                                                            BodyKind kind = BodyKind::one_context);

// A flag the caller may not see looks like one that does not exist: a client key is public, and must not list what is not.
bool is_visible(const Caller& caller, const eval::FlagInfo& flag) noexcept;

// Evaluates, counts, and notes the evaluation for the probation of a new ruleset.
eval::Evaluation evaluate_for(WorkerDeps& services, const Caller& caller, std::string_view flag_key,
                              json::Value context, UnixMillis now);
eval::Evaluation evaluate_for(WorkerDeps& services, const Caller& caller, std::size_t flag_index, json::Value context,
                              UnixMillis now);

// The same for one of many flags with one context.
eval::Evaluation evaluate_for(WorkerDeps& services, const Caller& caller, eval::Evaluator& evaluator,
                              std::size_t flag_index);

// Whole seconds since the environment went stale; none while it is fresh.
std::optional<std::uint64_t> stale_seconds(const cache::EnvironmentState& environment, UnixMillis now) noexcept;

}  // namespace fanion::relay::serve
