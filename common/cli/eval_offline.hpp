#pragma once

// Evaluation without a server: a ruleset file in plain or signed form, one question or a stream of them.

#include <istream>
#include <string>
#include <string_view>

#include "common/base/clock.hpp"
#include "common/cli/terminal.hpp"
#include "common/eval/ruleset.hpp"
#include "common/json/document.hpp"
#include "common/wire/item_set.hpp"

namespace fanion::cli {

// Loads the text of a ruleset file. A signed one is verified when `trust_file` is given; otherwise `unverified` is set. Errors: unprocessable with
// the findings of the compiler, invalid_input when it does not verify.
struct LoadedRuleset {
    eval::RulesetPtr ruleset;
    bool unverified = false;
};
Result<LoadedRuleset> load_ruleset(std::string_view text, const std::string& trust_file);

// The items of a signed ruleset, verified when `trust_file` is given. Errors: invalid_input when it does not verify or is malformed.
Result<wire::ItemSet> load_signed_items(std::string_view text, const std::string& trust_file);

// The JSON of ruleset.md for one question.
std::string answer(const eval::Ruleset& ruleset, std::string_view flag, json::Value context, UnixMillis now);

// {"flag","context"} lines (and "now", which overrides) answered line by line. A line that cannot be read is answered with
// {"error":"PARSE_ERROR","reason":"ERROR","detail":..}. True when every line could be read.
bool answer_lines(const eval::Ruleset& ruleset, std::istream& in, UnixMillis now, const Terminal& terminal);

// RFC 3339 or milliseconds since 1970.
Result<UnixMillis> parse_time(const std::string& text);

}  // namespace fanion::cli
