#pragma once

// Evaluation without a server: a ruleset file in plain or signed form, one question or a stream of them.

#include <istream>
#include <string>
#include <string_view>

#include "common/base/clock.hpp"
#include "common/cli/terminal.hpp"
#include "common/eval/ruleset.hpp"
#include "common/json/document.hpp"

namespace fanion::cli {

// Loads the text of a ruleset file. A signed one is verified when `trust_file` is given; otherwise `unverified` is set. Errors: unprocessable with
// the findings of the compiler, invalid_input when it does not verify.
struct LoadedRuleset {
    eval::RulesetPtr ruleset;
    bool unverified = false;
};
Result<LoadedRuleset> load_ruleset(std::string_view text, const std::string& trust_file);

// Answers questions from one ruleset: the JSON of ruleset.md, or that of eval/explain.hpp.
class Answerer {
public:
    Answerer(const eval::Ruleset& ruleset, UnixMillis now, bool explain)
        : ruleset_(ruleset), now_(now), explain_(explain) {}

    std::string answer(std::string_view flag, json::Value context) const { return answer(flag, context, now_); }
    std::string answer(std::string_view flag, json::Value context, UnixMillis now) const;
    UnixMillis now() const noexcept { return now_; }

private:
    const eval::Ruleset& ruleset_;
    UnixMillis now_;  // where the question names no other
    bool explain_;
};

// {"flag","context"} lines (and "now", which overrides) answered line by line. A line that cannot be read is answered with
// {"error":"PARSE_ERROR","reason":"ERROR","detail":..}. True when every line could be read.
bool answer_lines(const Answerer& answerer, std::istream& in, const Terminal& terminal);

// RFC 3339 or milliseconds since 1970.
Result<UnixMillis> parse_time(const std::string& text);

}  // namespace fanion::cli
