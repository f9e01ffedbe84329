#pragma once

// Reads objects member by member and collects every error with its JSON pointer, so that a person sees all at once.
//
//     json::Reader r(document.root(), findings);            // findings: std::vector<Finding>
//     flag.key = r.string("key");                           // required: missing or of another type is a finding
//     flag.enabled = r.boolean("enabled", false);           // with a default: optional
//     for (auto rule : r.array("rules")) read_rule(rule);   // Readers with their own pointers
//     r.finish(UnknownFields::refuse);                      // members nobody asked for, duplicates
//
// Codes of findings: missing, wrong_type, unknown_field, duplicate_field, out_of_range. One thread; ends before its Document.

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

    bool has(std::string_view name);  // present, null included; counts as asked for
    bool is_null(std::string_view name);

    std::string string(std::string_view name);
    std::string string(std::string_view name, std::string_view fallback);
    std::optional<std::string> optional_string(std::string_view name);  // missing or null: nothing
    bool boolean(std::string_view name);
    bool boolean(std::string_view name, bool fallback);
    std::int64_t integer(std::string_view name, std::int64_t low, std::int64_t high);
    std::int64_t integer(std::string_view name, std::int64_t low, std::int64_t high, std::int64_t fallback);
    std::uint64_t unsigned_integer(std::string_view name);
    std::uint64_t unsigned_integer(std::string_view name, std::uint64_t fallback);
    std::vector<std::string> strings(std::string_view name);  // missing: empty
    Value any(std::string_view name);                         // required, of any type; empty Value when missing
    Value optional_any(std::string_view name);

    Reader object(std::string_view name);                          // required; a Reader over nothing when missing
    std::optional<Reader> optional_object(std::string_view name);  // missing or null: nothing
    std::vector<Reader> array(std::string_view name);              // missing: empty; elements of any type

    // A Reader over one element of the array `name`, for walks that need no Reader for those that are right.
    Reader element(std::string_view name, std::size_t index, Value value) const;

    // Reports what nobody asked for. Without this call unknown members are ignored.
    void finish(UnknownFields unknown);

    // Adds a finding at this place, or at a member of it.
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
