#pragma once

// PEGTL's parse tree of a text, and its errors. Private to common/rule.

#include <memory>
#include <tao/pegtl/contrib/parse_tree.hpp>

#include "common/rule/text.hpp"

namespace fanion::rule {

using Node = tao::pegtl::parse_tree::node;

// Returns the root, whose only child is the condition. Nodes are views into `text`. Errors: those
// of parse().
Result<std::unique_ptr<Node>> parse_tree(std::string_view text);

// Decodes the content between the quotes of a string literal. Returns nullopt if an escape is an
// unpaired surrogate.
std::optional<std::string> unescape(std::string_view content);

// Makes the error "line 1, column 9: <what>".
Error error_at(std::string_view text, std::size_t offset, std::string_view code, std::string_view what);

}  // namespace fanion::rule
