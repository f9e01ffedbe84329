// The native form for many flags and many contexts at once.

#include <optional>
#include <vector>

#include "common/json/limits.hpp"
#include "relay/serve/counted_evaluation.hpp"
#include "relay/serve/evaluate_api.hpp"

namespace fanion::relay::serve {
namespace {

constexpr std::size_t max_contexts = 1'000;
constexpr std::size_t max_results = 100'000;

struct BulkRequest {
    std::optional<std::vector<std::string_view>> flags;  // none: all that the caller may see
    std::vector<json::Value> contexts;
    bool has_contexts = false;  // `contexts` was given, not `context`
};

using Read = boost::system::result<void, Refusal>;

Refusal refused_at(std::string pointer, Outcome outcome, std::string code, const std::string& detail) {
    return {outcome, detail, {{"", std::move(pointer), std::move(code), detail}}};
}

Read read_flags(json::Value flags, BulkRequest& bulk) {
    if (!flags.is(json::Kind::array)) {
        return refused_at("/flags", Outcome::parse_error, "wrong_type", "flags is not an array");
    }
    bulk.flags.emplace();
    for (const auto flag : flags.elements()) {
        if (!flag.is(json::Kind::string)) {
            auto pointer = "/flags/" + std::to_string(bulk.flags->size());
            return refused_at(std::move(pointer), Outcome::parse_error, "wrong_type",
                              "flags contains an element that is not a string");
        }
        bulk.flags->push_back(flag.as_string());
    }
    return {};
}

Read read_contexts(json::Value contexts, BulkRequest& bulk) {
    if (!contexts.is(json::Kind::array)) {
        return refused_at("/contexts", Outcome::parse_error, "wrong_type", "contexts is not an array");
    }
    if (contexts.size() > max_contexts) {
        return refused_at("/contexts", Outcome::parse_error, "limit", "more than 1000 contexts");
    }
    bulk.has_contexts = true;
    bulk.contexts.clear();
    for (const auto context : contexts.elements()) bulk.contexts.push_back(context);
    return {};
}

// The size of each context as compact JSON, which is written to `buffer`.
Read check_sizes(const BulkRequest& bulk, std::string& buffer) {
    for (std::size_t i = 0; i < bulk.contexts.size(); ++i) {
        if (!bulk.contexts[i]) continue;
        buffer.clear();
        bulk.contexts[i].append_to(buffer);
        if (buffer.size() <= limits::context_bytes) continue;
        auto pointer = bulk.has_contexts ? "/contexts/" + std::to_string(i) : std::string("/context");
        return refused_at(std::move(pointer), Outcome::too_large, "limit", "a context is larger than 64 KiB");
    }
    return {};
}

boost::system::result<BulkRequest, Refusal> read_bulk_request(const Call& call, const RequestContext& read) {
    BulkRequest bulk;
    bulk.contexts.push_back(read.context);
    if (!read.root) return bulk;
    if (const auto flags = read.root.find("flags")) {
        if (auto done = read_flags(flags, bulk); !done) return done.error();
    }
    if (const auto contexts = read.root.find("contexts")) {
        if (auto done = read_contexts(contexts, bulk); !done) return done.error();
    }
    if (call.request.body.size() > limits::context_bytes) {  // a smaller body has no larger context
        if (auto done = check_sizes(bulk, call.services.scratch); !done) return done.error();
    }
    return bulk;
}

void append_results(std::string& out, const Call& call, const BulkRequest& bulk, json::Value context) {
    const auto& ruleset = *call.caller.environment->ruleset;
    note_names(call.services, call.caller, context);
    bool first = true;
    const auto separate = [&] {
        if (!first) out.push_back(',');
        first = false;
    };
    out.append("{\"results\":[");
    if (bulk.flags) {
        for (const auto flag : *bulk.flags) {
            separate();
            append_result(out, evaluate_for(call.services, call.caller, flag, context, call.now));
        }
    } else {
        eval::Evaluator evaluator(ruleset, context, call.now);
        for (std::size_t i = 0; i < ruleset.flag_count(); ++i) {
            if (!is_visible(call.caller, ruleset.flag_info(i))) continue;
            separate();
            append_result(out, evaluate_for(call.services, call.caller, evaluator, i));
        }
    }
    out.append("]}");
}

void answer_all(std::string& out, const Call& call, const BulkRequest& bulk) {
    if (!bulk.has_contexts) return append_results(out, call, bulk, bulk.contexts.front());
    out.append("{\"contexts\":[");
    bool first = true;
    for (const auto context : bulk.contexts) {
        if (!first) out.push_back(',');
        first = false;
        append_results(out, call, bulk, context);
    }
    out.append("]}");
}

}  // namespace

Handled handle_evaluate_bulk(const Call& call) {
    const auto read = read_context(call.services, call.request.body, BodyKind::many_contexts);
    if (!read) return read.error();
    const auto bulk = read_bulk_request(call, *read);
    if (!bulk) return bulk.error();
    const std::size_t flags = bulk->flags ? bulk->flags->size() : call.caller.environment->ruleset->flag_count();
    if (flags * bulk->contexts.size() > max_results) {
        return Refusal{Outcome::too_large, "more than 100000 results asked for"};
    }
    answer_all(call.response.body, call, *bulk);
    return Outcome::ok;
}

}  // namespace fanion::relay::serve
