#pragma once

// The way through a ruleset, in the order of ruleset.md (Evaluation): the one implementation, for answering and for
// explaining. A Walk is one context at one time; asked for several flags, it keeps what it found of attributes, segments and
// prerequisites. One thread; lives on the stack. Throws only what its recorder throws.

#include "common/eval/condition_test.hpp"
#include "common/eval/outcome.hpp"
#include "common/eval/recorder.hpp"
#include "common/eval/run.hpp"

namespace fanion::eval {

template <class Recorder>
class Walk {
    static constexpr bool silent = !Recorder::records;

public:
    Walk(const Ruleset::Impl& ruleset, json::Value context, UnixMillis now, Recorder& recorder) noexcept
        : ruleset_(ruleset), context_(context), now_(now), recorder_(recorder) {}

    Outcome flag(std::uint32_t index) noexcept(silent);

private:
    // Whose condition it is: its tables, and what its references to segments and attributes are in the ruleset.
    struct Scope {
        const Conditions& conditions;
        const std::uint32_t* segments;
        const std::uint32_t* attributes;
    };

    json::Value attribute(const Scope& scope, std::uint32_t index) noexcept {
        return attributes_.get(scope.attributes[index], scope.conditions.attributes[index], context_);
    }

    // flags
    bool is_fulfilled(const PreparedFlag& of, std::size_t number, const PrerequisiteLink& link) noexcept(silent);
    std::uint32_t first_unfulfilled(const PreparedFlag& flag, std::uint32_t index) noexcept(silent);
    const PreparedTarget* find_target(const PreparedFlag& flag, const Scope& scope) noexcept(silent);
    bool apply_rules(const PreparedFlag& flag, const Scope& scope, Outcome& outcome) noexcept(silent);
    bool apply_serve(const PreparedFlag& flag, const Scope& scope, const PreparedServe& serve,
                     Outcome& outcome) noexcept(silent);
    void apply_fallthrough(const PreparedFlag& flag, const Scope& scope, Outcome& outcome) noexcept(silent);

    // conditions
    bool holds(const Scope& scope, std::uint32_t at) noexcept(silent);
    bool decide(const Scope& scope, const ConditionNode& node, std::uint32_t at) noexcept(silent);
    bool test_attribute(const Scope& scope, const ConditionNode& node) noexcept(silent);
    bool test_bucket(const Scope& scope, const BucketTest& bucket) noexcept(silent);
    bool is_in_any(const Scope& scope, const ConditionNode& node) noexcept(silent);

    // segments
    bool is_member(std::uint32_t index) noexcept(silent);
    bool find_member(std::uint32_t index) noexcept(silent);
    bool is_listed(const Scope& scope, const std::vector<SegmentList>& lists, ListSeen::Kind kind) noexcept(silent);

    const Ruleset::Impl& ruleset_;
    const json::Value context_;
    const UnixMillis now_;
    Recorder& recorder_;
    AttributeCache attributes_;
    Memo segments_;
    Memo flags_;
};

template <class R>
[[gnu::flatten]] Outcome Walk<R>::flag(std::uint32_t index) noexcept(silent) {
    const auto& flag = *ruleset_.flags[index];
    Outcome outcome;
    outcome.variation = flag.off;
    outcome.reason = Reason::disabled;
    recorder_.enabled(flag.enabled);
    if (!flag.enabled) return outcome;
    outcome.prerequisite = first_unfulfilled(flag, index);
    if (outcome.prerequisite != none) return outcome;
    const Scope scope{flag.conditions, ruleset_.flag_segment_links.begin_of(index),
                      ruleset_.flag_attributes.begin_of(index)};
    if (const auto* target = find_target(flag, scope)) {
        outcome.variation = target->variation;
        outcome.reason = Reason::targeting_match;
        return outcome;
    }
    if (!apply_rules(flag, scope, outcome)) apply_fallthrough(flag, scope, outcome);
    return outcome;
}

// Whether a prerequisite's flag is enabled and came to one of the variations asked for.
template <class R>
bool Walk<R>::is_fulfilled(const PreparedFlag& of, std::size_t number, const PrerequisiteLink& link) noexcept(silent) {
    recorder_.begin_prerequisite(of, number, link.flag);
    std::uint32_t variation = no_variation;
    const bool enabled = ruleset_.flags[link.flag]->enabled;
    if (enabled && !flags_.find(link.flag, variation)) {
        recorder_.begin_flag(link.flag);
        variation = flag(link.flag).variation;
        recorder_.end_flag();
        flags_.put(link.flag, variation);
    }
    const bool fulfilled = enabled && link.accepts(variation);
    recorder_.end_prerequisite(link.flag, variation, fulfilled);
    return fulfilled;
}

// The unfulfilled prerequisite's flag, or none.
template <class R>
std::uint32_t Walk<R>::first_unfulfilled(const PreparedFlag& flag, std::uint32_t index) noexcept(silent) {
    if (flag.prerequisites.empty()) return none;
    std::size_t number = 0;
    for (const auto& link : ruleset_.prerequisites.of(index))
        if (!is_fulfilled(flag, number++, link)) return link.flag;
    return none;
}

template <class R>
const PreparedTarget* Walk<R>::find_target(const PreparedFlag& flag, const Scope& scope) noexcept(silent) {
    std::size_t number = 0;
    for (const auto& target : flag.targets) {
        const auto value = attribute(scope, target.attribute);
        const bool listed = value && value.is(json::Kind::string) && target.values.contains(value.as_string());
        recorder_.list({ListSeen::Kind::target, number++, value, listed});
        if (listed) return &target;
    }
    return nullptr;
}

// False when the split's unit is missing: there is then no variation.
template <class R>
bool Walk<R>::apply_serve(const PreparedFlag& flag, const Scope& scope, const PreparedServe& serve,
                          Outcome& outcome) noexcept(silent) {
    outcome.variation = serve.variation;
    if (serve.split == PreparedServe::no_split) {
        recorder_.serve(serve.variation);
        return true;
    }
    outcome.reason = Reason::split;
    const auto& split = flag.splits[serve.split];
    UnitDigits digits;
    const auto unit = unit_of(attribute(scope, split.attribute), digits);
    if (!unit) {
        recorder_.split({split, unit});
        return false;
    }
    const auto slot = split.bucketing.slot(*unit);
    const PreparedRange* in = nullptr;
    for (const auto& range : split.ranges) {
        if (slot < range.from || slot >= range.to) continue;
        in = &range;
        break;
    }
    outcome.variation = in != nullptr ? in->variation : split.otherwise;
    recorder_.split({split, unit, slot, in});
    return true;
}

// False when no rule's condition holds and serves something.
template <class R>
bool Walk<R>::apply_rules(const PreparedFlag& flag, const Scope& scope, Outcome& outcome) noexcept(silent) {
    for (std::uint32_t i = 0; i < flag.rules.size(); ++i) {
        const auto& rule = flag.rules[i];
        recorder_.begin_rule(i, rule.condition);
        const bool holds_here = holds(scope, rule.condition);
        recorder_.end_when(holds_here);
        if (holds_here) {
            outcome.reason = Reason::targeting_match;
            apply_serve(flag, scope, rule.serve, outcome);
        }
        recorder_.end_rule();
        if (!holds_here || outcome.variation == no_variation) continue;
        outcome.rule = i;
        return true;
    }
    return false;
}

template <class R>
void Walk<R>::apply_fallthrough(const PreparedFlag& flag, const Scope& scope, Outcome& outcome) noexcept(silent) {
    recorder_.begin_fallthrough();
    outcome.reason = flag.is_static ? Reason::static_value : Reason::default_value;
    if (!apply_serve(flag, scope, flag.fallthrough, outcome)) {
        outcome.reason = Reason::error;
        outcome.error = ErrorCode::targeting_key_missing;
    }
    recorder_.end_fallthrough();
}

template <class R>
bool Walk<R>::holds(const Scope& scope, std::uint32_t at) noexcept(silent) {
    const auto& node = scope.conditions.nodes[at];
    recorder_.begin_node(node, at);
    const bool result = decide(scope, node, at);
    recorder_.end_node(node, result);
    return result;
}

template <class R>
bool Walk<R>::decide(const Scope& scope, const ConditionNode& node, std::uint32_t at) noexcept(silent) {
    const auto& nodes = scope.conditions.nodes;
    switch (node.kind) {
        case ConditionNode::Kind::all:
            for (auto child = at + 1; child < node.end; child = nodes[child].end)
                if (!holds(scope, child)) return false;
            return true;
        case ConditionNode::Kind::any:
            for (auto child = at + 1; child < node.end; child = nodes[child].end)
                if (holds(scope, child)) return true;
            return false;
        case ConditionNode::Kind::negation:
            return !holds(scope, at + 1);
        case ConditionNode::Kind::bucket:
            return test_bucket(scope, scope.conditions.buckets[node.operand]);
        case ConditionNode::Kind::segment:
            return is_in_any(scope, node) != node.negated;
        case ConditionNode::Kind::now:
            recorder_.now(now_);
            return satisfies(compare(Number::of(now_), scope.conditions.numbers[node.operand]), node.comparison);
        default:
            return test_attribute(scope, node) != node.negated;
    }
}

// The positive operator on the attribute, whatever it is.
template <class R>
bool Walk<R>::test_attribute(const Scope& scope, const ConditionNode& node) noexcept(silent) {
    const auto& conditions = scope.conditions;
    const auto value = attribute(scope, node.attribute);
    recorder_.value(value);
    if (!value) return false;
    if (node.kind == ConditionNode::Kind::exists) return true;
    if (!value.is(json::Kind::array)) return test(conditions, node, value);
    for (const auto element : value.elements())
        if (test(conditions, node, element)) return true;
    return false;
}

template <class R>
bool Walk<R>::test_bucket(const Scope& scope, const BucketTest& bucket) noexcept(silent) {
    UnitDigits digits;
    const auto unit = unit_of(attribute(scope, bucket.attribute), digits);
    const auto slot = unit ? bucket.bucketing.slot(*unit) : 0;
    recorder_.bucket(unit, slot);
    return unit && bucket.from <= slot && slot < bucket.to;
}

template <class R>
bool Walk<R>::is_in_any(const Scope& scope, const ConditionNode& node) noexcept(silent) {
    const auto* segments = scope.segments + node.operand;
    for (std::uint32_t i = 0; i < node.attribute; ++i)
        if (is_member(segments[i])) return true;
    return false;
}

template <class R>
bool Walk<R>::is_member(std::uint32_t index) noexcept(silent) {
    recorder_.begin_segment(index);
    std::uint32_t answer = 0;
    const bool known = segments_.find(index, answer);
    if (!known) {
        answer = find_member(index) ? 1 : 0;
        segments_.put(index, answer);
    }
    recorder_.end_segment(answer != 0, known);
    return answer != 0;
}

template <class R>
bool Walk<R>::find_member(std::uint32_t index) noexcept(silent) {
    const auto& segment = *ruleset_.segments[index];
    const Scope scope{segment.conditions, ruleset_.segment_links.begin_of(index),
                      ruleset_.segment_attributes.begin_of(index)};
    if (is_listed(scope, segment.included, ListSeen::Kind::included)) return true;
    if (is_listed(scope, segment.excluded, ListSeen::Kind::excluded)) return false;
    for (std::size_t i = 0; i < segment.rules.size(); ++i) {
        recorder_.begin_rule(i, segment.rules[i]);
        const bool holds_here = holds(scope, segment.rules[i]);
        recorder_.end_when(holds_here);
        recorder_.end_rule();
        if (holds_here) return true;
    }
    return false;
}

template <class R>
bool Walk<R>::is_listed(const Scope& scope, const std::vector<SegmentList>& lists,
                        ListSeen::Kind kind) noexcept(silent) {
    std::size_t number = 0;
    for (const auto& list : lists) {
        const auto value = attribute(scope, list.attribute);
        const bool listed = value && value.is(json::Kind::string) && list.values.contains(value.as_string());
        recorder_.list({kind, number++, value, listed});
        if (listed) return true;
    }
    return false;
}

}  // namespace fanion::eval
