#pragma once

// What OFREP and the native form share: reading the context, and evaluating a flag for a caller
// with the counts that go with it. Functions of one worker thread.

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

// Parses {"context": ..} into services.document. An empty body has no context. Refusals:
// parse_error, too_large.
boost::system::result<RequestContext, Refusal> read_context(WorkerDeps& services, std::string_view body,
                                                            BodyKind kind = BodyKind::one_context);

// Call once for each context that flags are evaluated with: its attributes' names may be noted
// (relay/attributes). `context` may be empty or of a wrong type.
inline void note_names(WorkerDeps& services, const Caller& caller, json::Value context) {
    using attributes::Source;
    if (services.tracing.span) [[unlikely]]
        services.tracing.span->set_context(context);
    services.sampler.see(caller.environment->env_id, caller.is_client() ? Source::client : Source::server, context);
}

// Whether the caller may see the flag. One that is hidden from it looks like one that does not
// exist: client keys are public, so they must not reveal the flags of back ends.
bool is_visible(const Caller& caller, const eval::FlagInfo& flag) noexcept;

// Evaluates the flag, counts the evaluation and records it for the probation of a new ruleset. A
// key that the caller may not see gives flag_not_found; an index must be visible. Views in the
// result live as long as the ruleset and `flag_key`.
eval::Evaluation evaluate_for(WorkerDeps& services, const Caller& caller, std::string_view flag_key,
                              json::Value context, UnixMillis now);
eval::Evaluation evaluate_for(WorkerDeps& services, const Caller& caller, std::size_t flag_index, json::Value context,
                              UnixMillis now);

// The same for one of many flags that are evaluated with one context.
eval::Evaluation evaluate_for(WorkerDeps& services, const Caller& caller, eval::Evaluator& evaluator,
                              std::size_t flag_index);

// Whole seconds since the newest signed head of the environment expired; none if it has not.
std::optional<std::uint64_t> stale_seconds(const cache::EnvironmentState& environment, UnixMillis now) noexcept;

}  // namespace fanion::relay::serve
