#pragma once

// What the readers of several resources share: bounded texts, and members that may only be sent back as they are. Pure.

#include <initializer_list>
#include <string>
#include <string_view>
#include <vector>

#include "common/base/error.hpp"
#include "common/json/reader.hpp"
#include "common/json/tree.hpp"

namespace fanion::cp::body {

// The member is there and a string: what a reader's further checks of it presume.
bool has_string(const json::Reader& r, std::string_view member);
// A key by the rules of ruleset.md; finding bad_key otherwise.
std::string read_key(json::Reader& r, std::string_view member);
// Optional text of at most `max_bytes`; finding too_long otherwise.
std::string read_text(json::Reader& r, std::string_view member, std::size_t max_bytes, std::string_view fallback = "");
std::vector<std::string> read_tags(json::Reader& r, std::string_view member);

// Members a person sends back because they came with GET: each must equal that of `present`, else finding `code`.
void check_unchanged(json::Reader& r, const json::Tree& present, std::initializer_list<std::string_view> members,
                     std::string_view code);

// `warnings` came with the answer to a write and may be sent back; they say nothing.
void ignore_warnings(json::Reader& r);

// The findings as an error, or nothing when there are none.
Result<> error_if_any(std::vector<Finding> findings);

// Findings at members named twice, at any depth (RFC 8259 leaves their meaning open; we refuse to guess).
void find_duplicates(json::Value value, std::vector<Finding>& findings);

}  // namespace fanion::cp::body
