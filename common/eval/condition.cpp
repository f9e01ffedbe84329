#include "common/eval/condition.hpp"

#include <algorithm>

#include "common/base/text.hpp"
#include "common/eval/compiled.hpp"
#include "common/eval/text_match.hpp"

namespace fanion::eval {
namespace {

using json::Kind;
using json::Value;
using Comparison = ConditionNode::Comparison;

bool satisfies(std::weak_ordering order, Comparison comparison) noexcept {
    switch (comparison) {
        case Comparison::equal:
            return order == 0;
        case Comparison::greater:
            return order > 0;
        case Comparison::greater_equal:
            return order >= 0;
        case Comparison::less:
            return order < 0;
        case Comparison::less_equal:
            return order <= 0;
    }
    return false;
}

bool is_in(const ValueSet& set, Value value) noexcept {
    switch (value.kind()) {
        case Kind::string:
            return set.contains_string(value.as_string());
        case Kind::number:
            return set.contains_number(value.number_text());
        case Kind::boolean:
            return set.contains_boolean(value.as_bool());
        default:
            return false;
    }
}

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

// The kinds that look at a string only.
bool test_text(const Conditions& c, const ConditionNode& node, std::string_view text) noexcept {
    switch (node.kind) {
        case ConditionNode::Kind::contains:
            return any_of(c.texts[node.operand], [&](const auto& s) { return text_contains(text, s, node.fold); });
        case ConditionNode::Kind::starts_with:
            return any_of(c.texts[node.operand], [&](const auto& s) { return text_starts_with(text, s, node.fold); });
        case ConditionNode::Kind::ends_with:
            return any_of(c.texts[node.operand], [&](const auto& s) { return text_ends_with(text, s, node.fold); });
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

// One value that is no array.
bool test(const Conditions& c, const ConditionNode& node, Value value) noexcept {
    switch (node.kind) {
        case ConditionNode::Kind::equality:
            return is_in(c.sets[node.operand], value);
        case ConditionNode::Kind::number:
            return compares(number_of(value), c.numbers[node.operand], node.comparison);
        case ConditionNode::Kind::time:
            return compares(time_of(value), c.numbers[node.operand], node.comparison);
        default:
            return value.is(Kind::string) && test_text(c, node, value.as_string());
    }
}

// The positive operator on the attribute, whatever it is.
bool test_attribute(const Run& run, const Conditions& c, const ConditionNode& node) noexcept {
    const auto& reference = c.attributes[node.attribute];
    if (reference.kind == AttributeRef::Kind::now)
        return compares(Number::of(run.now), c.numbers[node.operand], node.comparison);
    const Value value = resolve(reference, run.context);
    if (!value) return false;
    if (node.kind == ConditionNode::Kind::exists) return true;
    if (!value.is(Kind::array)) return test(c, node, value);
    for (const auto element : value.elements())
        if (test(c, node, element)) return true;
    return false;
}

bool test_bucket(const Run& run, const Conditions& c, const BucketTest& bucket) noexcept {
    UnitDigits digits;
    const auto unit = unit_of(resolve(c.attributes[bucket.attribute], run.context), digits);
    if (!unit) return false;
    const auto slot = bucket.bucketing.slot(*unit);
    return bucket.from <= slot && slot < bucket.to;
}

bool lists(const Run& run, const PreparedSegment& segment, const std::vector<SegmentList>& list) noexcept {
    return any_of(list, [&](const SegmentList& target) {
        const Value value = resolve(segment.conditions.attributes[target.attribute], run.context);
        return value && value.is(Kind::string) && target.values.contains(value.as_string());
    });
}

bool find_member(Run& run, std::uint32_t index) noexcept {
    const auto& segment = *run.ruleset.segments[index];
    if (lists(run, segment, segment.included)) return true;
    if (lists(run, segment, segment.excluded)) return false;
    const Scope scope{segment.conditions, run.ruleset.segment_links.of(index).data()};
    return any_of(segment.rules, [&](std::uint32_t rule) { return holds(run, scope, rule); });
}

bool is_member(Run& run, std::uint32_t index) noexcept {
    std::uint32_t known = 0;
    if (run.segments.find(index, known)) return known != 0;
    const bool member = find_member(run, index);
    run.segments.put(index, member ? 1 : 0);
    return member;
}

bool is_in_any(Run& run, const std::uint32_t* segments, std::uint32_t count) noexcept {
    return std::any_of(segments, segments + count, [&](std::uint32_t index) { return is_member(run, index); });
}

}  // namespace

bool holds(Run& run, const Scope& scope, std::uint32_t at) noexcept {
    const auto& nodes = scope.conditions.nodes;
    const auto& node = nodes[at];
    switch (node.kind) {
        case ConditionNode::Kind::all:
            for (auto child = at + 1; child < node.end; child = nodes[child].end)
                if (!holds(run, scope, child)) return false;
            return true;
        case ConditionNode::Kind::any:
            for (auto child = at + 1; child < node.end; child = nodes[child].end)
                if (holds(run, scope, child)) return true;
            return false;
        case ConditionNode::Kind::negation:
            return !holds(run, scope, at + 1);
        case ConditionNode::Kind::bucket:
            return test_bucket(run, scope.conditions, scope.conditions.buckets[node.operand]);
        case ConditionNode::Kind::segment:
            return is_in_any(run, scope.segments + node.operand, node.count) != node.negated;
        default:
            return test_attribute(run, scope.conditions, node) != node.negated;
    }
}

}  // namespace fanion::eval
