#include "relay/serve/counted_evaluation.hpp"

#include "common/base/text.hpp"
#include "common/json/limits.hpp"

namespace fanion::relay::serve {
namespace {

// Room around the context: its name, white space, unknown members.
constexpr std::size_t envelope_bytes = 1024;

// The first of its label set. Apart, so that the other way needs no stack.
[[gnu::noinline]] void count_new(WorkerDeps& services, const Caller& caller, const eval::Evaluation& evaluation) {
    const auto& environment = *caller.environment;
    // An unknown key consists of arbitrary bytes: it is counted by name only if it could be the key of a flag.
    const bool countable = evaluation.flag_index != eval::Ruleset::npos || is_valid_key(evaluation.flag);
    services.counters.count({.state = environment.serial,
                             .env_id = environment.env_id,
                             .flag = countable ? evaluation.flag : std::string_view("(other)"),
                             .flag_index = evaluation.flag_index,
                             .variation = evaluation.variation,
                             .variation_index = evaluation.variation_index,
                             .version = evaluation.version,
                             .reason = eval::name_of(evaluation.reason),
                             .reason_index = static_cast<std::uint8_t>(evaluation.reason),
                             .sdk = caller.sdk,
                             .rule = evaluation.rule});
}

// Without stack protectors, here and where it is called: they take six instructions, and there are no buffers to protect.
[[gnu::no_stack_protector, gnu::always_inline]] inline void count(WorkerDeps& services, const Caller& caller,
                                                                  const eval::Evaluation& evaluation) {
    const auto& environment = *caller.environment;
    environment.signals->record_evaluations(services.worker);
    services.metrics.count_evaluations(1);
    const bool is_counted = services.counters.count_known({.state = environment.serial,
                                                           .flag_index = evaluation.flag_index,
                                                           .variation_index = evaluation.variation_index,
                                                           .reason_index = static_cast<std::uint8_t>(evaluation.reason),
                                                           .sdk = caller.sdk,
                                                           .rule = evaluation.rule.data()});
    if (!is_counted) [[unlikely]]
        count_new(services, caller, evaluation);
    if (services.tracing.span) [[unlikely]]
        services.tracing.span->add(environment, evaluation);
}

}  // namespace

boost::system::result<RequestContext, Refusal> read_context(WorkerDeps& services, std::string_view body,
                                                            BodyKind kind) {
    if (body.empty()) return RequestContext{};
    if (kind == BodyKind::one_context && body.size() > limits::context_bytes + envelope_bytes) {
        return Refusal{Outcome::too_large, std::string(row_of(Outcome::too_large).text)};
    }
    if (const auto parsed = services.document.parse(body); !parsed) {
        const bool is_size = parsed.error().code == Errc::too_large;
        return Refusal{is_size ? Outcome::too_large : Outcome::parse_error, describe(parsed.error())};
    }
    const json::Value root = services.document.root();
    if (!root.is(json::Kind::object))
        return Refusal{Outcome::parse_error, std::string(row_of(Outcome::parse_error).text)};
    const json::Value context = root.find("context");
    return RequestContext{root, context && context.is(json::Kind::null) ? json::Value() : context};
}

bool is_visible(const Caller& caller, const eval::FlagInfo& flag) noexcept {
    return flag.client || !caller.is_client();
}

[[gnu::no_stack_protector]] eval::Evaluation evaluate_for(WorkerDeps& services, const Caller& caller,
                                                          eval::Evaluator& evaluator, std::size_t flag_index) {
    const auto evaluation = evaluator.evaluate(flag_index);
    count(services, caller, evaluation);
    return evaluation;
}

[[gnu::no_stack_protector]] eval::Evaluation evaluate_for(WorkerDeps& services, const Caller& caller,
                                                          std::size_t flag_index, json::Value context, UnixMillis now) {
    const auto evaluation = eval::evaluate(*caller.environment->ruleset, flag_index, context, now);
    count(services, caller, evaluation);
    return evaluation;
}

eval::Evaluation evaluate_for(WorkerDeps& services, const Caller& caller, std::string_view flag_key,
                              json::Value context, UnixMillis now) {
    const auto& ruleset = *caller.environment->ruleset;
    const std::size_t index = ruleset.find_flag(flag_key);
    if (index != eval::Ruleset::npos && is_visible(caller, ruleset.flag_info(index))) {
        return evaluate_for(services, caller, index, context, now);
    }
    eval::Evaluation missing;
    missing.flag = flag_key;
    missing.error = eval::ErrorCode::flag_not_found;
    count(services, caller, missing);
    return missing;
}

std::optional<std::uint64_t> stale_seconds(const cache::EnvironmentState& environment, UnixMillis now) noexcept {
    const UnixMillis stale = environment.signals->stale_for(now);
    if (stale <= 0) return std::nullopt;
    return static_cast<std::uint64_t>(stale / 1000);
}

}  // namespace fanion::relay::serve
