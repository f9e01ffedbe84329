#pragma once

// Evaluation without a server: one question or a stream of them.

#include <istream>
#include <string>
#include <string_view>

#include "common/base/clock.hpp"
#include "common/cli/terminal.hpp"
#include "common/eval/compile/ruleset.hpp"
#include "common/json/document.hpp"

namespace fanion::cli {

// A context that is null is an empty one, as at the relay.
json::Value context_of(json::Value given);

struct Answer {
    std::string json;  // of ruleset.md, or of eval/explain/explain.hpp
    bool is_error = false;
};

// Answers questions from one ruleset.
class Answerer {
public:
    Answerer(const eval::Ruleset& ruleset, UnixMillis now, bool explain)
        : ruleset_(ruleset), now_(now), explain_(explain) {}

    Answer answer(std::string_view flag, json::Value context) const { return answer(flag, context, now_); }
    Answer answer(std::string_view flag, json::Value context, UnixMillis now) const;
    UnixMillis now() const noexcept { return now_; }

private:
    const eval::Ruleset& ruleset_;
    UnixMillis now_;  // where the question names no other
    bool explain_;
};

// {"flag","context"} lines (and "now", which overrides) answered line by line; empty lines are passed over. A line that cannot
// be read is answered with {"error":"PARSE_ERROR","reason":"ERROR","detail":..}. True when every line could be read.
bool answer_lines(const Answerer& answerer, std::istream& in, const Terminal& terminal);

// RFC 3339 or milliseconds since 1970.
Result<UnixMillis> parse_time(const std::string& text);

}  // namespace fanion::cli
