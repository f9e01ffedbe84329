#pragma once

// The parse tree that PEGTL makes of a text, and its errors; private to common/rule.

#include <memory>
#include <tao/pegtl/contrib/parse_tree.hpp>

#include "common/rule/text.hpp"

namespace fanion::rule {

using Node = tao::pegtl::parse_tree::node;

// The root, whose one child is the condition. Nodes are views into `text`. Errors: those of parse().
Result<std::unique_ptr<Node>> parse_tree(std::string_view text);

// The content between the quotes of a string of the grammar; nothing where an escape is half of a surrogate pair.
std::optional<std::string> unescape(std::string_view content);

// "line 1, column 9: <what>"
Error error_at(std::string_view text, std::size_t offset, std::string_view code, std::string_view what);

}  // namespace fanion::rule
