#pragma once

// One condition on one value. Pure; no allocation but what RE2 needs for states it has not met yet. What is short is inline,
// because most of an evaluation is conditions.

#include "common/eval/condition.hpp"
#include "common/eval/text_match.hpp"
#include "common/json/document.hpp"

namespace fanion::eval {

inline bool satisfies(std::weak_ordering order, ConditionNode::Comparison comparison) noexcept {
    switch (comparison) {
        case ConditionNode::Comparison::equal:
            return order == 0;
        case ConditionNode::Comparison::greater:
            return order > 0;
        case ConditionNode::Comparison::greater_equal:
            return order >= 0;
        case ConditionNode::Comparison::less:
            return order < 0;
        case ConditionNode::Comparison::less_equal:
            return order <= 0;
    }
    return false;
}

inline bool is_in(const ValueSet& set, json::Value value) noexcept {
    if (value.is(json::Kind::string)) return set.contains_string(value.as_string());
    if (value.is(json::Kind::number)) return set.contains_number(value.number_text());
    return value.is(json::Kind::boolean) && set.contains_boolean(value.as_bool());
}

template <class Test>
bool test_texts(const Conditions& conditions, const ConditionNode& node, json::Value value, Test test) noexcept {
    if (!value.is(json::Kind::string)) return false;
    for (const auto& needle : conditions.texts[node.operand])
        if (test(value.as_string(), needle, node.fold)) return true;
    return false;
}

// Kinds whose value is parsed first: number, time, version, network; and regex.
bool test_parsed(const Conditions& conditions, const ConditionNode& node, json::Value value) noexcept;

// The positive operator of `node`, which is no exists, on a value that is no array.
inline bool test(const Conditions& conditions, const ConditionNode& node, json::Value value) noexcept {
    switch (node.kind) {
        case ConditionNode::Kind::equality:
            return is_in(conditions.sets[node.operand], value);
        case ConditionNode::Kind::contains:
            return test_texts(conditions, node, value, text_contains);
        case ConditionNode::Kind::starts_with:
            return test_texts(conditions, node, value, text_starts_with);
        case ConditionNode::Kind::ends_with:
            return test_texts(conditions, node, value, text_ends_with);
        default:
            return test_parsed(conditions, node, value);
    }
}

}  // namespace fanion::eval
