#pragma once

// Converts JSON in which a rule's `when` may be text (docs/rule-language.md) to the JSON of
// docs/ruleset.md, and translates the pointers of errors back. Used for the admin API and the plain
// form only: signed rulesets always contain condition trees, so text from the network is never
// parsed by a relay. Pure.

#include <optional>
#include <string>
#include <vector>

#include "common/base/error.hpp"
#include "common/json/tree.hpp"

namespace fanion::rule {

// Replaces each textual `when` in the body of a flag's configuration or of a segment:
// {"rules":[{"when":..}, ..]}. `pointer` is the body's pointer in its document. Returns the
// findings of parse(), each with the pointer of its `when`, whose condition becomes `always`. Once
// the conditions exceed `max_bytes` as JSON, the remaining texts are left unchanged: the body is
// then too large, and the caller's check of its limits rejects it.
std::vector<Finding> expand_body(json::Tree& body, const std::string& pointer, std::size_t max_bytes);

// The result of expand_plain().
struct Expansion {
    std::optional<std::string> json;  // nullopt if no `when` is text
    std::vector<Finding> findings;    // those of expand_body()
};
// The same for a whole ruleset in the plain form: {"flags":[..],"segments":[..]}.
Expansion expand_plain(json::Value root);

// Relocate findings that point into a condition tree for which the original JSON has text: the
// pointer becomes that of the text, and the detail begins with the line and column. In a body of
// the admin API only findings without an item point into the body; in the plain form all findings
// point into the document.
Error locate_in_body(Error error, json::Value body);
Error locate_in_plain(Error error, json::Value root);

}  // namespace fanion::rule
