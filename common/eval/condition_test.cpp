#include "common/eval/condition_test.hpp"

#include <algorithm>

#include "common/base/text.hpp"

namespace fanion::eval {

using json::Kind;
using json::Value;
using Comparison = ConditionNode::Comparison;

namespace {

// A number, or a string that is wholly one.
std::optional<Number> number_of(Value value) noexcept {
    if (value.is(Kind::number) || value.is(Kind::string)) return parse_number(value.as_string());
    return std::nullopt;
}

std::optional<Number> time_of(Value value) noexcept {
    if (value.is(Kind::number)) return parse_number(value.number_text());
    if (!value.is(Kind::string)) return std::nullopt;
    const auto time = parse_rfc3339(value.as_string());
    if (!time) return std::nullopt;
    return Number::of(*time);
}

bool compares(const std::optional<Number>& number, const Number& operand, Comparison comparison) noexcept {
    return number && satisfies(compare(*number, operand), comparison);
}

bool version_compares(std::string_view text, const SemVer& operand, Comparison comparison) noexcept {
    const auto version = parse_semver(text);
    return version && satisfies(compare(*version, operand), comparison);
}

bool is_in_network(const NetworkSet& networks, std::string_view text) noexcept {
    const auto address = parse_ip(text);
    return address && networks.contains(*address);
}

template <class List, class Test>
bool any_of(const List& list, Test test) noexcept {
    return std::any_of(list.begin(), list.end(), test);
}

}  // namespace

bool test_parsed(const Conditions& c, const ConditionNode& node, Value value) noexcept {
    if (node.kind == ConditionNode::Kind::number)
        return compares(number_of(value), c.numbers[node.operand], node.comparison);
    if (node.kind == ConditionNode::Kind::time)
        return compares(time_of(value), c.numbers[node.operand], node.comparison);
    if (!value.is(Kind::string)) return false;
    const auto text = value.as_string();
    switch (node.kind) {
        case ConditionNode::Kind::regex:
            return any_of(c.regexes[node.operand], [&](const Regex& regex) { return regex.matches(text); });
        case ConditionNode::Kind::version:
            return version_compares(text, c.versions[node.operand].parsed, node.comparison);
        case ConditionNode::Kind::network:
            return is_in_network(c.networks[node.operand], text);
        default:
            return false;
    }
}

}  // namespace fanion::eval
