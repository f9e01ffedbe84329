#pragma once

// The compact rule language (docs/rule-language.md): a condition tree as one line of text, and
// back.
//
// For every condition within the limits of docs/ruleset.md, parse(print(tree)) is `tree`.
// print(parse(text)) is the canonical text, which parses and prints as itself. Pure; throws nothing
// but std::bad_alloc. Time and memory are linear in the length of the text, and recursion is
// bounded.

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "common/base/error.hpp"
#include "common/json/limits.hpp"
#include "common/model/flag.hpp"

namespace fanion::rule {

inline constexpr std::size_t max_text_bytes = limits::request_body_bytes;
inline constexpr std::size_t max_nesting = 32;  // of parentheses, including redundant ones

// A position in the text. Lines and columns start at 1; columns count code points, not bytes.
struct Place {
    std::size_t line = 1;
    std::size_t column = 1;
};

// The position of one node of the tree. `pointer` is the node's JSON pointer within the tree, ""
// for the root.
struct NodePlace {
    std::string pointer;
    Place place;
};

struct Parsed {
    model::Condition condition;
    std::vector<NodePlace> places;  // one per node, parents before their children
};

// Parses the text of a condition. Errors: invalid_input with a detail such as "line 1, column 9:
// expected .., found ..", and one finding with the same detail, an empty pointer and the code
// `bad_rule`, or `limit` if a limit of docs/ruleset.md is exceeded.
Result<Parsed> parse(std::string_view text);

// Where an error of parse() stands: the line and column with which its detail begins.
Place place_of(const Error& error);

// {"when":<tree>,"text":<canonical text>,"places":[{"pointer","line","column"},..]}
std::string to_json(const Parsed& parsed);

// The canonical text of a condition.
std::string print(const model::Condition& condition);

}  // namespace fanion::rule
