#include "common/net/conditional.hpp"

#include <algorithm>

#include "common/base/text.hpp"

namespace fanion::net {
namespace {

bool is_tag_character(char c) noexcept {  // etagc
    const auto byte = static_cast<unsigned char>(c);
    return byte >= 0x21 && byte != '"' && byte != 0x7f;
}

void skip_blanks(std::string_view& rest) noexcept {
    while (!rest.empty() && (rest.front() == ' ' || rest.front() == '\t')) rest.remove_prefix(1);
}

bool take_weak_mark(std::string_view& rest) noexcept {
    const bool is_weak = rest.starts_with("W/");
    if (is_weak) rest.remove_prefix(2);
    return is_weak;
}

// Takes a quoted tag off the front; empty when there is none.
std::string_view take_opaque_tag(std::string_view& rest) noexcept {
    if (!rest.starts_with('"')) return {};
    const auto end = rest.find('"', 1);
    if (end == std::string_view::npos) return {};
    const auto tag = rest.substr(0, end + 1);
    if (!std::all_of(tag.begin() + 1, tag.end() - 1, is_tag_character)) return {};
    rest.remove_prefix(end + 1);
    return tag;
}

}  // namespace

bool matches_tag(std::string_view field, std::string_view tag, TagComparison comparison) noexcept {
    auto rest = trim(field);
    if (rest == "*") return true;
    const bool is_tag_weak = take_weak_mark(tag);
    bool found = false;
    while (!rest.empty()) {
        if (rest.front() == ',') {  // an empty element (RFC 9110 section 5.6.1.2), or the end of one
            rest.remove_prefix(1);
            skip_blanks(rest);
            continue;
        }
        const bool is_weak = take_weak_mark(rest);
        const auto listed = take_opaque_tag(rest);
        skip_blanks(rest);
        if (listed.empty() || (!rest.empty() && rest.front() != ',')) return false;
        found = found || (listed == tag && (comparison == TagComparison::weak || (!is_weak && !is_tag_weak)));
    }
    return found;
}

bool has_current(const Request& request, std::string_view tag) noexcept {
    return std::any_of(request.headers().begin(), request.headers().end(), [tag](const Header& header) {
        return equals_ignore_case_ascii(header.name, "If-None-Match") &&
               matches_tag(header.value, tag, TagComparison::weak);
    });
}

IfMatch evaluate_if_match(const Request& request, std::string_view tag) noexcept {
    auto result = IfMatch::absent;
    for (const auto& header : request.headers()) {
        if (!equals_ignore_case_ascii(header.name, "If-Match")) continue;
        if (matches_tag(header.value, tag, TagComparison::strong)) return IfMatch::holds;
        result = IfMatch::fails;
    }
    return result;
}

}  // namespace fanion::net
