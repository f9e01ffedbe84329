#include "common/cli/eval_offline.hpp"

#include "common/base/text.hpp"
#include "common/eval/explain/explain.hpp"
#include "common/json/reader.hpp"
#include "common/json/writer.hpp"

namespace fanion::cli {
namespace {

std::string parse_error(const std::string& detail) {
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
    if (!findings.empty()) return Error{Errc::invalid_input, "the line is not a valid question", findings};
    return question;
}

}  // namespace

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
    bool all_valid = true;
    json::Document document;
    for (std::string line; std::getline(in, line);) {
        if (trim(line).empty()) continue;
        const auto parsed = document.parse(line);
        const auto question =
            parsed ? read_question(document.root(), answerer.now()) : Result<Question>(parsed.error());
        all_valid = all_valid && question.has_value();
        terminal.print(question ? answerer.answer(question->flag, question->context, question->now).json
                                : parse_error(describe(question.error())));
    }
    return all_valid;
}

Result<UnixMillis> parse_time(const std::string& text) {
    if (const auto millis = parse_i64(text)) return *millis;
    if (const auto time = parse_rfc3339(text)) return *time;
    return Error{Errc::invalid_input, "'" + text + "' is not a time in RFC 3339 or in milliseconds since 1970"};
}

}  // namespace fanion::cli
