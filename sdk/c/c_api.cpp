// The C interface to compile() and evaluate(). Every function catches all exceptions.

#include "sdk/c/c_api.h"

#include "common/base/text.hpp"
#include "common/eval/check/check.hpp"
#include "common/eval/explain/explain.hpp"
#include "common/eval/run/evaluator.hpp"
#include "sdk/c/c_objects.hpp"

namespace {

using namespace fanion;
using namespace fanion::c_api;

fanion_status take(Result<eval::RulesetPtr> compiled, fanion_ruleset** ruleset, fanion_reply* reply) {
    if (!compiled) return refuse_ruleset(reply, compiled.error());
    *ruleset = new fanion_ruleset{std::move(*compiled)};
    return FANION_OK;
}

struct Question {
    const fanion_ruleset* ruleset;
    const char* flag_key;
    std::size_t flag_key_size;
    const char* context;
    std::size_t context_size;
};

// Parses the arguments and calls `answer(flag key, context)`, which writes the reply.
template <class Answer>
fanion_status ask(const Question& question, fanion_reply* reply, Answer answer) {
    return guarded(reply, [&] {
        if (question.ruleset == nullptr || reply == nullptr)
            return refuse_argument(reply, "`ruleset` or `reply` is NULL");
        if (!is_readable(question.flag_key, question.flag_key_size) ||
            !is_readable(question.context, question.context_size))
            return refuse_argument(reply, "`flag_key` or `context` is NULL");
        const auto key = view(question.flag_key, question.flag_key_size);
        if (!is_valid_utf8(key)) return refuse_argument(reply, "`flag_key` is not UTF-8");
        answer(key, read_context(reply->context, question.context, question.context_size));
        return FANION_OK;
    });
}

}  // namespace

const char* fanion_status_name(fanion_status status) {
    switch (status) {
        case FANION_OK:
            return "OK";
        case FANION_INVALID_ARGUMENT:
            return "INVALID_ARGUMENT";
        case FANION_INVALID_RULESET:
            return "INVALID_RULESET";
        case FANION_OUT_OF_MEMORY:
            return "OUT_OF_MEMORY";
        case FANION_INTERNAL:
            break;
    }
    return "INTERNAL";
}

fanion_reply* fanion_reply_new(void) { return new (std::nothrow) fanion_reply; }
void fanion_reply_free(fanion_reply* reply) { delete reply; }
const char* fanion_reply_data(const fanion_reply* reply) { return reply == nullptr ? "" : reply->text.c_str(); }
size_t fanion_reply_size(const fanion_reply* reply) { return reply == nullptr ? 0 : reply->text.size(); }

fanion_status fanion_ruleset_create(const char* text, size_t size, fanion_ruleset** ruleset, fanion_reply* reply) {
    return guarded(reply, [&] {
        if (ruleset == nullptr) return refuse_argument(reply, "`ruleset` is NULL");
        *ruleset = nullptr;
        if (!is_readable(text, size)) return refuse_argument(reply, "`text` is NULL");
        return take(eval::compile_plain(view(text, size)), ruleset, reply);
    });
}

fanion_status fanion_ruleset_create_from_items(const fanion_item* items, size_t count, const fanion_ruleset* previous,
                                               fanion_ruleset** ruleset, fanion_reply* reply) {
    return guarded(reply, [&] {
        if (ruleset == nullptr) return refuse_argument(reply, "`ruleset` is NULL");
        *ruleset = nullptr;
        if (items == nullptr && count != 0) return refuse_argument(reply, "`items` is NULL");
        std::vector<eval::Item> list;
        list.reserve(count);
        for (std::size_t i = 0; i < count; ++i) {
            const auto& item = items[i];
            if (!is_readable(item.key, item.key_size) || !is_readable(item.body, item.body_size))
                return refuse_argument(reply, "an item's key or body is NULL");
            const auto key = view(item.key, item.key_size);
            if (!is_valid_utf8(key)) return refuse_argument(reply, "an item's key is not UTF-8");
            list.push_back({key, std::make_shared<const std::string>(view(item.body, item.body_size))});
        }
        return take(eval::compile(list, previous == nullptr ? nullptr : previous->compiled.get()), ruleset, reply);
    });
}

void fanion_ruleset_free(fanion_ruleset* ruleset) { delete ruleset; }

size_t fanion_ruleset_flag_count(const fanion_ruleset* ruleset) {
    return ruleset == nullptr ? 0 : ruleset->compiled->flag_count();
}

const char* fanion_ruleset_flag_key(const fanion_ruleset* ruleset, size_t index, size_t* size) {
    const bool exists = index < fanion_ruleset_flag_count(ruleset);
    const auto key = exists ? ruleset->compiled->flag_info(index).key : std::string_view();
    if (size != nullptr) *size = key.size();
    return key.data();
}

fanion_status fanion_evaluate(const fanion_ruleset* ruleset, const char* flag_key, size_t flag_key_size,
                              const char* context, size_t context_size, int64_t now_unix_millis, fanion_reply* reply) {
    return ask({ruleset, flag_key, flag_key_size, context, context_size}, reply,
               [&](std::string_view key, json::Value root) {
                   eval::append_json(reply->text, eval::evaluate(*ruleset->compiled, key, root, now_unix_millis));
               });
}

fanion_status fanion_explain(const fanion_ruleset* ruleset, const char* flag_key, size_t flag_key_size,
                             const char* context, size_t context_size, int64_t now_unix_millis, fanion_reply* reply) {
    return ask({ruleset, flag_key, flag_key_size, context, context_size}, reply,
               [&](std::string_view key, json::Value root) {
                   eval::explain(*ruleset->compiled, key, root, now_unix_millis, reply->text);
               });
}

fanion_status fanion_check(const char* text, size_t size, fanion_reply* reply) {
    return guarded(reply, [&] {
        if (reply == nullptr) return FANION_INVALID_ARGUMENT;
        if (!is_readable(text, size)) return refuse_argument(reply, "`text` is NULL");
        const auto warnings = eval::check_plain(view(text, size));
        if (!warnings) return refuse_ruleset(reply, warnings.error());
        json::Writer w(reply->text);
        w.begin_object();
        append(w, "warnings", *warnings);
        w.end_object();
        return FANION_OK;
    });
}
