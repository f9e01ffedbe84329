#include "common/eval/compile/attribute.hpp"

#include <charconv>

#include "common/eval/operators/number.hpp"

namespace fanion::eval {
namespace {

bool is_plain_integer(std::string_view spelling) noexcept {
    return spelling != "-0" && spelling.find_first_of(".eE") == std::string_view::npos;
}

}  // namespace

std::optional<AttributeRef> parse_attribute(std::string_view text) {
    AttributeRef reference;
    if (text.empty()) return std::nullopt;
    reference.text = text;
    reference.head = json::head_of(text);
    if (text == "$now") {
        reference.kind = AttributeRef::Kind::now;
    } else if (text.front() == '/') {
        auto tokens = json::parse_pointer(text);
        if (!tokens) return std::nullopt;
        reference.kind = AttributeRef::Kind::pointer;
        reference.tokens = std::move(*tokens);
    }
    return reference;
}

json::Value resolve_pointer(const AttributeRef& reference, json::Value context) noexcept {
    if (reference.kind != AttributeRef::Kind::pointer || !context) return {};
    const auto value = context.at(reference.tokens);
    return value && !value.is(json::Kind::null) ? value : json::Value();
}

std::optional<std::string_view> integer_unit(json::Value value, UnitDigits& digits) noexcept {
    if (!value.is(json::Kind::number)) return std::nullopt;
    if (is_plain_integer(value.number_text())) return value.number_text();
    const auto number = parse_number(value.number_text());  // 1.0 and 1e3 are integers too
    if (!number || !number->is_integer) return std::nullopt;
    char* p = digits.data();
    if (number->negative) *p++ = '-';
    const auto [end, error] = std::to_chars(p, digits.data() + digits.size(), number->magnitude);
    return std::string_view(digits.data(), static_cast<std::size_t>(end - digits.data()));
}

}  // namespace fanion::eval
