#include "common/json/reader.hpp"

#include <algorithm>

namespace fanion::json {
namespace {

// Bounds the memory that findings about hostile input can use.
constexpr std::size_t max_findings = 1000;

std::string quoted(std::string_view name) { return "`" + std::string(name) + "`"; }

std::string with_article(Kind kind) {
    const std::string name(kind_name(kind));
    if (kind == Kind::null) return name;
    return (kind == Kind::array || kind == Kind::object ? "an " : "a ") + name;
}

std::string type_text(Kind wanted, Kind got) {
    return "must be " + with_article(wanted) + ", not " + with_article(got);
}

std::string range_text(std::int64_t low, std::int64_t high) {
    return "must be an integer from " + std::to_string(low) + " to " + std::to_string(high);
}

std::string member_pointer(const std::string& pointer, std::string_view name) {
    std::string out = pointer;
    append_pointer(out, name);
    return out;
}

}  // namespace

Reader::Reader(Value value, std::vector<Finding>& findings, std::string pointer, std::string item)
    : value_(value), findings_(&findings), pointer_(std::move(pointer)), item_(std::move(item)) {}

void Reader::fail(std::string_view code, std::string detail) {
    if (findings_->size() < max_findings)
        findings_->push_back(Finding{item_, pointer_, std::string(code), std::move(detail)});
}

void Reader::fail_at(std::string_view member, std::string_view code, std::string detail) {
    if (findings_->size() < max_findings)
        findings_->push_back(Finding{item_, member_pointer(pointer_, member), std::string(code), std::move(detail)});
}

Value Reader::ask(std::string_view name) {
    if (!value_) return {};
    if (!value_.is(Kind::object)) {
        if (asked_.empty()) fail("wrong_type", type_text(Kind::object, value_.kind()));
        asked_.push_back(name);
        return {};
    }
    if (std::find(asked_.begin(), asked_.end(), name) == asked_.end()) asked_.push_back(name);
    return value_.find(name);
}

// Returns an empty Value if the member is missing or of another kind, after recording the finding.
Value Reader::expect(std::string_view name, Kind kind, bool required) {
    const Value value = ask(name);
    if (!value) {
        if (required && is_object()) fail_at(name, "missing", quoted(name) + " is missing");
        return {};
    }
    if (value.is(kind)) return value;
    fail_at(name, "wrong_type", type_text(kind, value.kind()));
    return {};
}

bool Reader::has(std::string_view name) { return static_cast<bool>(ask(name)); }

bool Reader::is_null(std::string_view name) {
    const Value value = ask(name);
    return value && value.is(Kind::null);
}

std::string Reader::string(std::string_view name) {
    const Value value = expect(name, Kind::string, true);
    return value ? std::string(value.as_string()) : std::string();
}

std::string Reader::string(std::string_view name, std::string_view fallback) {
    const Value value = expect(name, Kind::string, false);
    return std::string(value ? value.as_string() : fallback);
}

std::optional<std::string> Reader::optional_string(std::string_view name) {
    if (is_null(name)) return std::nullopt;
    const Value value = expect(name, Kind::string, false);
    if (!value) return std::nullopt;
    return std::string(value.as_string());
}

bool Reader::boolean(std::string_view name) {
    const Value value = expect(name, Kind::boolean, true);
    return value && value.as_bool();
}

bool Reader::boolean(std::string_view name, bool fallback) {
    const Value value = expect(name, Kind::boolean, false);
    return value ? value.as_bool() : fallback;
}

std::int64_t Reader::integer(std::string_view name, std::int64_t low, std::int64_t high) {
    const Value value = expect(name, Kind::number, true);
    if (!value) return low;
    const auto number = value.as_i64();
    if (number && *number >= low && *number <= high) return *number;
    fail_at(name, "out_of_range", range_text(low, high));
    return low;
}

std::int64_t Reader::integer(std::string_view name, std::int64_t low, std::int64_t high, std::int64_t fallback) {
    return has(name) ? integer(name, low, high) : fallback;
}

std::uint64_t Reader::unsigned_integer(std::string_view name) {
    const Value value = expect(name, Kind::number, true);
    if (!value) return 0;
    if (const auto number = value.as_u64()) return *number;
    fail_at(name, "out_of_range", "must be an integer from 0 to 18446744073709551615");
    return 0;
}

std::uint64_t Reader::unsigned_integer(std::string_view name, std::uint64_t fallback) {
    return has(name) ? unsigned_integer(name) : fallback;
}

std::vector<std::string> Reader::strings(std::string_view name) {
    std::vector<std::string> out;
    const Value list = expect(name, Kind::array, false);
    if (!list) return out;
    out.reserve(list.size());
    std::size_t index = 0;
    for (const auto element : list.elements()) {
        if (element.is(Kind::string))
            out.emplace_back(element.as_string());
        else
            this->element(name, index, element).fail("wrong_type", type_text(Kind::string, element.kind()));
        ++index;
    }
    return out;
}

Value Reader::any(std::string_view name) {
    const Value value = ask(name);
    if (!value && is_object()) fail_at(name, "missing", quoted(name) + " is missing");
    return value;
}

Value Reader::optional_any(std::string_view name) { return ask(name); }

Reader Reader::object(std::string_view name) {
    return Reader(expect(name, Kind::object, true), *findings_, member_pointer(pointer_, name), item_);
}

std::optional<Reader> Reader::optional_object(std::string_view name) {
    if (is_null(name)) return std::nullopt;
    const Value value = expect(name, Kind::object, false);
    if (!value) return std::nullopt;
    return Reader(value, *findings_, member_pointer(pointer_, name), item_);
}

std::vector<Reader> Reader::array(std::string_view name) {
    std::vector<Reader> out;
    const Value list = expect(name, Kind::array, false);
    if (!list) return out;
    const auto base = member_pointer(pointer_, name);
    out.reserve(list.size());
    for (const auto element : list.elements())
        out.emplace_back(element, *findings_, base + "/" + std::to_string(out.size()), item_);
    return out;
}

Reader Reader::element(std::string_view name, std::size_t index, Value value) const {
    return Reader(value, *findings_, member_pointer(pointer_, name) + "/" + std::to_string(index), item_);
}

void Reader::finish(UnknownFields unknown) {
    if (unknown == UnknownFields::ignore || !is_object()) return;
    std::vector<std::string_view> names;
    names.reserve(value_.size());
    for (const auto member : value_.members()) names.push_back(member.name);
    std::sort(names.begin(), names.end());
    for (auto it = names.begin(); it != names.end();) {
        const auto next = std::upper_bound(it, names.end(), *it);
        if (std::find(asked_.begin(), asked_.end(), *it) == asked_.end())
            fail_at(*it, "unknown_field", quoted(*it) + " is not a known member");
        else if (next - it > 1)
            fail_at(*it, "duplicate_field", quoted(*it) + " is given more than once");
        it = next;
    }
}

}  // namespace fanion::json
