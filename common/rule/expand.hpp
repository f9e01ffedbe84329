#pragma once

// JSON that people write, in which a rule's `when` may be text, made into the JSON of ruleset.md, and errors about the one
// told in terms of the other. For the admin API and the plain form only: what travels signed has trees, and who reads that
// does not come through here. Pure.

#include <optional>
#include <string>
#include <vector>

#include "common/base/error.hpp"
#include "common/json/tree.hpp"

namespace fanion::rule {

// Replaces each `when` that is text in a flag's configuration or a segment's members: {"rules":[{"when":..}, ..]}.
// `pointer` is where the body stands. Returns the findings of parse(), with the pointer of the `when`; there the condition
// becomes `always`. Once the conditions exceed `max_bytes` as JSON the remaining texts stay as they are: the body is then
// larger than that, and the caller, who checks its limits, refuses it.
std::vector<Finding> expand_body(json::Tree& body, const std::string& pointer, std::size_t max_bytes);

// The plain form: {"flags":[..],"segments":[..]}.
struct Expansion {
    std::optional<std::string> json;  // nothing where no `when` is text
    std::vector<Finding> findings;    // as of expand_body()
};
Expansion expand_plain(json::Value root);

// Findings that point into a tree which `body` has as text get the pointer of that text, and say line and column of the
// condition. In a body of the API only findings without an item point into it; in the plain form all do.
Error locate_in_body(Error error, json::Value body);
Error locate_in_plain(Error error, json::Value root);

}  // namespace fanion::rule
