#pragma once

// Evaluation without a server: one question, or a stream of them.

#include <istream>
#include <string>
#include <string_view>

#include "common/base/clock.hpp"
#include "common/cli/terminal.hpp"
#include "common/eval/compile/ruleset.hpp"
#include "common/json/document.hpp"

namespace fanion::cli {

// Treats a null context as an empty one, as a relay does.
json::Value context_of(json::Value given);

struct Answer {
    std::string json;  // in the form of docs/ruleset.md, or of docs/explain.md
    bool is_error = false;
};

// Evaluates flags of one ruleset. Must not outlive the ruleset. Thread-safe.
class Answerer {
public:
    Answerer(const eval::Ruleset& ruleset, UnixMillis now, bool explain)
        : ruleset_(ruleset), now_(now), explain_(explain) {}

    Answer answer(std::string_view flag, json::Value context) const { return answer(flag, context, now_); }
    Answer answer(std::string_view flag, json::Value context, UnixMillis now) const;
    UnixMillis now() const noexcept { return now_; }

private:
    const eval::Ruleset& ruleset_;
    UnixMillis now_;  // the time of questions that have none of their own
    bool explain_;
};

// Reads {"flag","context"} objects, one per line, optionally with "now", and prints one answer per
// line. Empty lines are skipped. A line that is not a valid question is answered with
// {"error":"PARSE_ERROR","reason":"ERROR","detail":..}. Returns true if every line was valid.
bool answer_lines(const Answerer& answerer, std::istream& in, const Terminal& terminal);

// Parses RFC 3339, or an integer in milliseconds since 1970. Error: invalid_input.
Result<UnixMillis> parse_time(const std::string& text);

}  // namespace fanion::cli
