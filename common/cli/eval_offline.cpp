#include "common/cli/eval_offline.hpp"

#include "common/base/text.hpp"
#include "common/cli/files.hpp"
#include "common/cli/signed_file.hpp"
#include "common/eval/evaluator.hpp"
#include "common/json/reader.hpp"
#include "common/json/writer.hpp"
#include "common/wire/delta.hpp"

namespace fanion::cli {
namespace {

Result<eval::RulesetPtr> compile_items(const wire::ItemSet& items) {
    std::vector<eval::Item> list;
    for (const auto& [key, item] : items.items()) list.push_back({key, item.body});
    return eval::compile(list);
}

std::string unreadable(const std::string& detail) {
    std::string out;
    json::Writer(out)
        .begin_object()
        .member("error", "PARSE_ERROR")
        .member("reason", "ERROR")
        .member("detail", detail)
        .end_object();
    return out;
}

struct Question {
    std::string flag;
    json::Value context;
    UnixMillis now;
};

Result<Question> read_question(json::Value root, UnixMillis now) {
    std::vector<Finding> findings;
    json::Reader r(root, findings);
    Question question{r.string("flag"), r.optional_any("context"), now};
    if (const auto time = r.optional_any("now")) {
        const auto text =
            time.is(json::Kind::string) || time.is(json::Kind::number) ? std::string(time.as_string()) : "";
        if (auto parsed = parse_time(text)) {
            question.now = *parsed;
        } else {
            r.fail_at("now", "bad_time", parsed.error().detail);
        }
    }
    if (!findings.empty()) return Error{Errc::invalid_input, "not a question", findings};
    return question;
}

}  // namespace

Result<LoadedRuleset> load_ruleset(std::string_view text, const std::string& trust_file) {
    if (!is_signed_form(text)) {
        auto ruleset = eval::compile_plain(text);
        if (!ruleset) return ruleset.error();
        return LoadedRuleset{std::move(*ruleset), false};
    }
    const auto items = load_signed_items(text, trust_file);
    if (!items) return items.error();
    auto ruleset = compile_items(*items);
    if (!ruleset) return ruleset.error();
    return LoadedRuleset{std::move(*ruleset), trust_file.empty()};
}

Result<wire::ItemSet> load_signed_items(std::string_view text, const std::string& trust_file) {
    if (!trust_file.empty()) {
        auto verified = verify_file(text, trust_file);
        if (!verified) return verified.error();
        return std::move(verified->items);
    }
    wire::ItemSet items;
    const auto envelope = wire::parse_envelope(text);
    if (!envelope) return envelope.error();
    if (auto applied = wire::apply_item_lines(items, envelope->items, true); !applied) return applied.error();
    return items;
}

std::string answer(const eval::Ruleset& ruleset, std::string_view flag, json::Value context, UnixMillis now) {
    std::string out;
    eval::append_json(out, eval::evaluate(ruleset, flag, context, now));
    return out;
}

bool answer_lines(const eval::Ruleset& ruleset, std::istream& in, UnixMillis now, const Terminal& terminal) {
    bool all_readable = true;
    json::Document document;
    for (std::string line; std::getline(in, line);) {
        if (trim(line).empty()) continue;
        const auto parsed = document.parse(line);
        const auto question = parsed ? read_question(document.root(), now) : Result<Question>(parsed.error());
        all_readable = all_readable && question.has_value();
        terminal.print(question ? answer(ruleset, question->flag, question->context, question->now)
                                : unreadable(describe(question.error())));
    }
    return all_readable;
}

Result<UnixMillis> parse_time(const std::string& text) {
    if (const auto millis = parse_i64(text)) return *millis;
    if (const auto time = parse_rfc3339(text)) return *time;
    return Error{Errc::invalid_input, "'" + text + "' is no time: RFC 3339 or milliseconds since 1970"};
}

}  // namespace fanion::cli
