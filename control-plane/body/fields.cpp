#include "control-plane/body/fields.hpp"

#include <algorithm>

#include "common/base/text.hpp"

namespace fanion::cp::body {
namespace {

constexpr std::size_t max_tag_bytes = 100;
constexpr std::size_t max_findings = 1'000;

bool has_nul(std::string_view text) noexcept { return text.find('\0') != std::string_view::npos; }

class BodyScan {
public:
    explicit BodyScan(std::vector<Finding>& findings) : findings_(findings) {}

    // pointer_ is the place of `value`; restored before returning.
    void visit(json::Value value) {
        if (value.is(json::Kind::string) && has_nul(value.as_string())) add_nul("this text");
        if (value.is(json::Kind::array)) visit_elements(value);
        if (value.is(json::Kind::object)) visit_members(value);
    }

private:
    void visit_elements(json::Value array) {
        const auto length = pointer_.size();
        std::size_t index = 0;
        for (const auto element : array.elements()) {
            pointer_ += '/' + std::to_string(index++);
            visit(element);
            pointer_.resize(length);
        }
    }

    void visit_members(json::Value object) {
        const auto length = pointer_.size();
        std::vector<std::string_view> names;
        for (const auto member : object.members()) {
            names.push_back(member.name);
            json::append_pointer(pointer_, member.name);
            if (has_nul(member.name)) add_nul("the name of this member");
            visit(member.value);
            pointer_.resize(length);
        }
        std::sort(names.begin(), names.end());
        for (auto twice = std::adjacent_find(names.begin(), names.end()); twice != names.end();
             twice = std::adjacent_find(std::upper_bound(twice, names.end(), *twice), names.end())) {
            json::append_pointer(pointer_, *twice);
            add("duplicate_field", "this member is given more than once");
            pointer_.resize(length);
        }
    }

    void add_nul(std::string_view what) { add("bad_character", std::string(what) + " must not contain U+0000"); }
    void add(std::string_view code, std::string detail) {
        if (findings_.size() < max_findings) findings_.push_back({"", pointer_, std::string(code), std::move(detail)});
    }

    std::string pointer_;
    std::vector<Finding>& findings_;
};

}  // namespace

bool has_string(const json::Reader& r, std::string_view member) {
    const auto value = r.is_object() ? r.value().find(member) : json::Value();
    return value && value.is(json::Kind::string);
}

std::string read_key(json::Reader& r, std::string_view member) {
    auto key = r.string(member);
    if (has_string(r, member) && !is_valid_key(key)) {
        r.fail_at(member, "bad_key", "a key is 1 to 100 of A-Z a-z 0-9 . _ - and begins with a letter or digit");
    }
    return key;
}

std::string read_text(json::Reader& r, std::string_view member, std::size_t max_bytes, std::string_view fallback) {
    auto text = r.string(member, fallback);
    if (text.size() > max_bytes) {
        r.fail_at(member, "too_long", "at most " + std::to_string(max_bytes) + " bytes");
    }
    return text;
}

std::vector<std::string> read_tags(json::Reader& r, std::string_view member) {
    const auto given = r.strings(member);
    std::vector<std::string> tags;
    if (given.size() > max_tags) {
        r.fail_at(member, "too_many", "at most " + std::to_string(max_tags) + " tags");
        return tags;
    }
    for (const auto& tag : given) {
        if (tag.empty() || tag.size() > max_tag_bytes) r.fail_at(member, "bad_tag", "a tag has 1 to 100 bytes");
        if (std::find(tags.begin(), tags.end(), tag) == tags.end()) tags.push_back(tag);
    }
    return tags;
}

std::optional<std::int64_t> parse_time(std::string_view text) noexcept {
    constexpr std::int64_t first = -62'135'596'800'000;  // 0001-01-01T00:00:00Z
    constexpr std::int64_t last = 253'402'300'799'999;   // 9999-12-31T23:59:59.999Z
    const auto at = parse_rfc3339(text);
    return at && *at >= first && *at <= last ? at : std::nullopt;
}

std::optional<std::int64_t> read_future_time(json::Reader& r, std::string_view member, std::int64_t now) {
    const auto text = r.optional_string(member);
    if (!text) return std::nullopt;
    const auto at = parse_time(*text);
    if (!at) r.fail_at(member, "bad_time", std::string(time_rule));
    if (at && *at <= now) r.fail_at(member, "in_the_past", "this time is in the past");
    return at;
}

void ignore_members(json::Reader& r, std::initializer_list<std::string_view> members) {
    for (const auto name : members) r.has(name);
}

void ignore_warnings(json::Reader& r) { r.has("warnings"); }

void check_unchanged(json::Reader& r, const json::Tree& present, std::initializer_list<std::string_view> members,
                     std::string_view code) {
    for (const auto name : members) {
        const auto given = r.optional_any(name);
        if (!given) continue;
        const auto* held = present.find(name);
        const auto expected = held != nullptr ? *held : json::Tree();
        if (json::Tree(given) == expected) continue;
        r.fail_at(name, code, "this member cannot be changed here; it is " + shortened(expected.to_text(), 200));
    }
}

Result<> error_if_any(std::vector<Finding> findings) {
    if (findings.empty()) return boost::system::in_place_value;
    return Error{Errc::invalid_input, "the body is not valid; errors says where and why", std::move(findings)};
}

void find_unacceptable(json::Value value, std::vector<Finding>& findings) {
    if (value) BodyScan(findings).visit(value);
}

}  // namespace fanion::cp::body
