#pragma once

// What the readers of several resources' bodies share: bounded texts, and members that may be sent
// back but not changed. Pure.

#include <cstdint>
#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

#include "common/base/error.hpp"
#include "common/json/reader.hpp"
#include "common/json/tree.hpp"

namespace fanion::cp::body {

// True when the member is present and a string: otherwise the reader has a finding for it already.
bool has_string(const json::Reader& r, std::string_view member);
// A key by the rules of ruleset.md; finding bad_key otherwise.
std::string read_key(json::Reader& r, std::string_view member);
// Optional text of at most `max_bytes`; finding too_long otherwise.
std::string read_text(json::Reader& r, std::string_view member, std::size_t max_bytes, std::string_view fallback = "");
// An RFC 3339 time in the years 1 to 9999 UTC, which JSON and PostgreSQL can both spell; nullopt
// otherwise.
std::optional<std::int64_t> parse_time(std::string_view text) noexcept;
inline constexpr std::string_view time_rule = "a time is written as in 2026-11-21T10:00:00Z, in the years 1 to 9999";
// The member, null or such a time; findings bad_time, and in_the_past unless it is after `now`.
std::optional<std::int64_t> read_future_time(json::Reader& r, std::string_view member, std::int64_t now);
inline constexpr std::size_t max_tags = 50;
// Each once, as it comes first. Findings: too_many, bad_tag.
std::vector<std::string> read_tags(json::Reader& r, std::string_view member);

// Members that a client may send back because GET returned them: each that is given must equal that
// of `present`, else finding `code`. The names outlive the reader, which remembers them.
void check_unchanged(json::Reader& r, const json::Tree& present, std::initializer_list<std::string_view> members,
                     std::string_view code);

// Members that a client may send back and that have no effect, whatever they are. The names outlive
// the reader.
void ignore_members(json::Reader& r, std::initializer_list<std::string_view> members);

// The response to a write has `warnings`; a client may send them back, and they have no effect.
void ignore_warnings(json::Reader& r);

// The findings as an error, or nothing when there are none.
Result<> error_if_any(std::vector<Finding> findings);

// What `read`, called with a json::Reader and the list of findings, makes of a whole body. Error:
// everything that is wrong with the body, members that `read` did not ask for among it.
template <class Read>
auto read_object(json::Value body, const Read& read)
    -> Result<std::invoke_result_t<Read, json::Reader&, std::vector<Finding>&>> {
    std::vector<Finding> findings;
    json::Reader r(body, findings);
    auto value = read(r, findings);
    r.finish(json::UnknownFields::refuse);
    if (auto ok = error_if_any(std::move(findings)); !ok) return ok.error();
    return value;
}

// Adds a finding for each member that is given twice, because RFC 8259 leaves their meaning open
// (`duplicate_field`), and for each string and each member's name that contains U+0000, which
// PostgreSQL cannot store (`bad_character`). At any depth; at most 1,000 findings.
void find_unacceptable(json::Value value, std::vector<Finding>& findings);

}  // namespace fanion::cp::body
