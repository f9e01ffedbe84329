#pragma once

// Reads JSON objects member by member and collects every error with its JSON pointer, so that a
// person sees all of them at once.
//
//     json::Reader r(document.root(), findings);            // findings: std::vector<Finding>
//     flag.key = r.string("key");                           // required: a finding if missing or of another type
//     flag.enabled = r.boolean("enabled", false);           // optional: has a default
//     for (auto rule : r.array("rules")) read_rule(rule);   // each element is a Reader with its own pointer
//     r.finish(UnknownFields::refuse);                      // findings for unknown and duplicate members
//
// Codes of findings: missing, wrong_type, unknown_field, duplicate_field, out_of_range. After a
// finding a function returns an empty or default value, so reading continues. At most 1,000
// findings are kept. Not thread-safe; must not outlive its Document or `findings`.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "common/base/error.hpp"
#include "common/json/document.hpp"

namespace fanion::json {

enum class UnknownFields { ignore, refuse };

class Reader {
public:
    Reader(Value value, std::vector<Finding>& findings, std::string pointer = "", std::string item = "");

    Value value() const noexcept { return value_; }
    const std::string& pointer() const noexcept { return pointer_; }
    bool is_object() const noexcept { return value_ && value_.is(Kind::object); }

    bool has(std::string_view name);  // whether the member is present, even if null; it then counts as known
    bool is_null(std::string_view name);

    std::string string(std::string_view name);
    std::string string(std::string_view name, std::string_view fallback);
    std::optional<std::string> optional_string(std::string_view name);  // missing or null: nullopt
    bool boolean(std::string_view name);
    bool boolean(std::string_view name, bool fallback);
    std::int64_t integer(std::string_view name, std::int64_t low, std::int64_t high);
    std::int64_t integer(std::string_view name, std::int64_t low, std::int64_t high, std::int64_t fallback);
    std::uint64_t unsigned_integer(std::string_view name);
    std::uint64_t unsigned_integer(std::string_view name, std::uint64_t fallback);
    std::vector<std::string> strings(std::string_view name);  // missing: empty
    Value any(std::string_view name);                         // required, of any type; missing: an empty Value
    Value optional_any(std::string_view name);

    Reader object(std::string_view name);                          // required; missing: a Reader over an empty Value
    std::optional<Reader> optional_object(std::string_view name);  // missing or null: nullopt
    std::vector<Reader> array(std::string_view name);              // missing: empty; elements of any type

    // A Reader over one element of the array `name`, for loops that only need a Reader to report a
    // faulty element.
    Reader element(std::string_view name, std::size_t index, Value value) const;

    // With UnknownFields::refuse, records a finding for each member that was not read and for each
    // duplicate member. Otherwise, and without this call, both are ignored.
    void finish(UnknownFields unknown);

    // Record a finding about this value, or about one of its members.
    void fail(std::string_view code, std::string detail);
    void fail_at(std::string_view member, std::string_view code, std::string detail);

private:
    Value ask(std::string_view name);
    Value expect(std::string_view name, Kind kind, bool required);

    Value value_;
    std::vector<Finding>* findings_;
    std::string pointer_;
    std::string item_;
    std::vector<std::string_view> asked_;
};

}  // namespace fanion::json
