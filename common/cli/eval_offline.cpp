#include "common/cli/eval_offline.hpp"

#include "common/base/text.hpp"
#include "common/cli/files.hpp"
#include "common/cli/signed_file.hpp"
#include "common/eval/explain.hpp"
#include "common/json/reader.hpp"
#include "common/json/writer.hpp"
#include "common/rule/expand.hpp"
#include "common/wire/delta.hpp"

namespace fanion::cli {
namespace {

Result<eval::RulesetPtr> compile_items(const wire::ItemSet& items) {
    std::vector<eval::Item> list;
    for (const auto& [key, item] : items.items()) {
        if (item.body) list.push_back({key, item.body});
    }
    return eval::compile(list);
}

Error unprocessable(Error error) {
    error.code = Errc::unprocessable;
    return error;
}

// Whole, as far as that can be told without a signature: a full ruleset whose items lead to the manifest's root.
Result<wire::ItemSet> read_unverified(std::string_view text) {
    const auto envelope = wire::parse_envelope(text);
    if (!envelope) return envelope.error();
    const auto manifest = wire::parse_manifest(envelope->payload);
    if (!manifest) return manifest.error();
    if (manifest->type == wire::ManifestType::head || manifest->type == wire::ManifestType::revoked)
        return Error{Errc::unprocessable, "this is no ruleset but of type " + std::string(name_of(manifest->type))};
    wire::ItemSet items;
    auto applied = wire::apply_item_lines(items, envelope->items, true, wire::Redacted::accepted);
    if (!applied) return applied.error();
    if (items.root() != manifest->root)
        return Error{Errc::unprocessable, "items are missing or changed: their root is not the manifest's"};
    return items;
}

// In the plain form a rule's `when` may be text.
Result<eval::RulesetPtr> compile_plain(std::string_view text) {
    json::Document document;
    if (!document.parse(text, {.bytes = limits::environment_bytes})) return eval::compile_plain(text);
    auto expansion = rule::expand_plain(document.root());
    if (!expansion.findings.empty())
        return Error{Errc::unprocessable, "the ruleset cannot be compiled", std::move(expansion.findings)};
    if (!expansion.json) return eval::compile_plain(text);
    auto compiled = eval::compile_plain(*expansion.json);
    if (!compiled) return rule::locate_in_plain(compiled.error(), document.root());
    return compiled;
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
    Question question{r.string("flag"), context_of(r.optional_any("context")), now};
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

Result<LoadedRuleset> load_ruleset(std::string_view text, const std::optional<TrustFile>& trust) {
    if (!is_signed_form(text)) {
        if (trust)
            return Error{Errc::unprocessable, "the ruleset is not signed; leave out --trust to use it all the same"};
        auto ruleset = compile_plain(text);
        if (!ruleset) return unprocessable(ruleset.error());
        return LoadedRuleset{std::move(*ruleset), false};
    }
    wire::ItemSet items;
    if (trust) {
        auto verified = verify_file(text, *trust);
        if (!verified) return verified.error();
        items = std::move(verified->items);
    } else {
        auto read = read_unverified(text);
        if (!read) return unprocessable(read.error());
        items = std::move(*read);
    }
    auto ruleset = compile_items(items);
    if (!ruleset) return unprocessable(ruleset.error());
    return LoadedRuleset{std::move(*ruleset), !trust};
}

json::Value context_of(json::Value given) { return given && given.is(json::Kind::null) ? json::Value() : given; }

Answer Answerer::answer(std::string_view flag, json::Value context, UnixMillis now) const {
    Answer out;
    if (explain_) {
        out.is_error = eval::explain(ruleset_, flag, context, now, out.json).error != eval::ErrorCode::none;
    } else {
        const auto evaluation = eval::evaluate(ruleset_, flag, context, now);
        out.is_error = evaluation.error != eval::ErrorCode::none;
        eval::append_json(out.json, evaluation);
    }
    return out;
}

bool answer_lines(const Answerer& answerer, std::istream& in, const Terminal& terminal) {
    bool all_readable = true;
    json::Document document;
    for (std::string line; std::getline(in, line);) {
        if (trim(line).empty()) continue;
        const auto parsed = document.parse(line);
        const auto question =
            parsed ? read_question(document.root(), answerer.now()) : Result<Question>(parsed.error());
        all_readable = all_readable && question.has_value();
        terminal.print(question ? answerer.answer(question->flag, question->context, question->now).json
                                : unreadable(one_line(question.error())));
    }
    return all_readable;
}

Result<UnixMillis> parse_time(const std::string& text) {
    if (const auto millis = parse_i64(text)) return *millis;
    if (const auto time = parse_rfc3339(text)) return *time;
    return Error{Errc::invalid_input, "'" + text + "' is no time: RFC 3339 or milliseconds since 1970"};
}

}  // namespace fanion::cli
