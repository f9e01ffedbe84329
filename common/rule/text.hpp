#pragma once

// The compact rule language (docs/rule-language.md): a condition tree as one line of text, and back.
//
// parse(print(tree)) is `tree` for every condition that keeps to the limits of ruleset.md; print(parse(text)) is the
// canonical text, which prints as itself. Pure; no exceptions but for memory. Time and memory grow with the length of the text,
// recursion is bounded.

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "common/base/error.hpp"
#include "common/json/limits.hpp"
#include "common/model/flag.hpp"

namespace fanion::rule {

inline constexpr std::size_t max_text_bytes = limits::request_body_bytes;
inline constexpr std::size_t max_nesting = 32;  // of parentheses, whether they make a node of the tree or not

// Both count from 1; columns count characters (code points), not bytes.
struct Place {
    std::size_t line = 1;
    std::size_t column = 1;
};

// Where a node of the tree stands in the text. `pointer` is the node's JSON pointer inside the tree, "" for the whole.
struct NodePlace {
    std::string pointer;
    Place place;
};

struct Parsed {
    model::Condition condition;
    std::vector<NodePlace> places;  // of every node, parents before their children
};

// Error: invalid_input; the detail is "line 1, column 9: expected .., found ..", and the one finding has it too, with code
// `bad_rule` (`limit` where a limit of ruleset.md is passed) and an empty pointer.
Result<Parsed> parse(std::string_view text);

std::string print(const model::Condition& condition);

}  // namespace fanion::rule
