#pragma once

// Evaluation itself, in the order of docs/ruleset.md (Evaluation): prerequisites, targets, rules,
// fallthrough. This is the only implementation; evaluate() runs it with NoRecorder, explain() with
// a recorder that writes every step.
//
// An Interpreter evaluates flags for one context at one time. It runs the leaves of compiled.hpp:
// each leaf leads to the next by whether it holds, until an exit is reached (docs/adr/0011).
// Between flags it keeps the attributes, versions, segments and prerequisites it has already
// determined.
//
// One thread; lives on the stack, some 1.7 KB; no allocation but RE2's, for states it has not met
// before. Throws only what its recorder throws.
//
// always_inline and noinline follow measured instruction counts (docs/adr/0011): the path that most
// evaluations take is one function without calls, and everything rarer is kept out of it, so that
// it does not cost that path registers.

#include "common/eval/run/condition_match.hpp"
#include "common/eval/run/memo.hpp"
#include "common/eval/run/outcome.hpp"
#include "common/eval/run/recorder.hpp"

namespace fanion::eval {

template <class Recorder>
class Interpreter {
    static constexpr bool silent = !Recorder::records;

public:
    Interpreter(const Ruleset::Impl& ruleset, json::Value context, UnixMillis now, Recorder& recorder) noexcept
        : ruleset_(ruleset), now_(now), recorder_(recorder), attributes_(ruleset.attributes, context) {}

    // `flag` is ruleset.flags[index].
    Outcome flag(const PreparedFlag& flag, std::uint32_t index) noexcept(silent);

private:
    // Instead of a variation: the split's unit is missing.
    static constexpr std::uint32_t no_unit = no_variation - 1;

    // flags
    Outcome required_flag(std::uint32_t index) noexcept(silent);
    bool is_fulfilled(const PreparedFlag& of, std::size_t number, const PrerequisiteLink& link) noexcept(silent);
    std::uint32_t first_unfulfilled(const PreparedFlag& flag, std::uint32_t index) noexcept(silent);
    std::uint32_t serve(const PreparedFlag& flag, const Scope& scope, const PreparedServe& serve) noexcept(silent);
    std::uint32_t split(const Scope& scope, const PreparedSplit& split) noexcept(silent);

    // leaves
    std::uint32_t run_leaves(const Scope* scope, const LinkedLeaf* leaf) noexcept(silent);
    void record_begin(const Scope& scope, const LinkedLeaf& leaf) noexcept(silent);
    const LinkedLeaf* next_leaf(const LinkedLeaf& leaf, bool holds) noexcept(silent);
    bool holds_for_attribute(const Scope& scope, const LinkedLeaf& linked) noexcept(silent);
    bool holds_without_value(const Scope& scope, const LinkedLeaf& linked) noexcept(silent);
    bool test_bucket(const Scope& scope, const BucketTest& bucket) noexcept(silent);

    json::Value attribute(const Scope& scope, std::uint32_t index) noexcept {
        const auto number = scope.attributes[index];
        const auto value = attributes_.find(number);
        return attributes_.is_known(value) ? value : attributes_.fetch(number, scope.conditions->attributes[index]);
    }

    const Ruleset::Impl& ruleset_;
    const UnixMillis now_;
    Recorder& recorder_;
    AttributeCache attributes_;
    VersionMemo versions_;
    Memo segments_;
    Memo flags_;
};

template <class R>
[[gnu::always_inline]] inline Outcome Interpreter<R>::flag(const PreparedFlag& flag,
                                                           std::uint32_t index) noexcept(silent) {
    Outcome outcome;
    outcome.variation = flag.off;
    outcome.reason = Reason::disabled;
    recorder_.enabled(flag.enabled);
    if (!flag.enabled) return outcome;
    if (!flag.prerequisites.empty()) {
        outcome.prerequisite = first_unfulfilled(flag, index);
        if (outcome.prerequisite != none) return outcome;
    }
    const auto& scope = ruleset_.flag_scopes[index];
    outcome.reason = Reason::targeting_match;
    for (const auto* at = scope.start;;) {
        const auto exit = run_leaves(&scope, at);
        if (exit == 0) break;
        if (exit < flag.first_rule_exit) {
            outcome.variation = flag.targets[exit - 1];
            return outcome;
        }
        const auto& rule = flag.rules[exit - flag.first_rule_exit];
        recorder_.begin_serve();
        const auto variation = serve(flag, scope, rule.serve);
        recorder_.end_serve();
        if (variation < no_unit) {
            outcome.reason = rule.serve.reason;
            outcome.variation = variation;
            outcome.rule = &rule;
            return outcome;
        }
        at = ruleset_.resolve(scope, rule.next);
    }
    recorder_.begin_fallthrough();
    const auto variation = serve(flag, scope, flag.fallthrough);
    recorder_.end_fallthrough();
    outcome.variation = variation == no_unit ? no_variation : variation;
    outcome.reason = flag.fallthrough.reason;
    if (variation == no_unit) {
        outcome.reason = Reason::error;
        outcome.error = ErrorCode::targeting_key_missing;
    }
    return outcome;
}

template <class R>
[[gnu::noinline]] Outcome Interpreter<R>::required_flag(std::uint32_t index) noexcept(silent) {
    return flag(*ruleset_.flags[index], index);
}

// Whether the prerequisite's flag is enabled and yields one of the wanted variations. `number` is
// its place in `of`.
template <class R>
bool Interpreter<R>::is_fulfilled(const PreparedFlag& of, std::size_t number,
                                  const PrerequisiteLink& link) noexcept(silent) {
    recorder_.begin_prerequisite(of, number, link.flag);
    std::uint32_t variation = no_variation;
    const bool enabled = ruleset_.flags[link.flag]->enabled;
    if (enabled && !flags_.find(link.flag, variation)) {
        recorder_.begin_flag(link.flag);
        variation = required_flag(link.flag).variation;
        recorder_.end_flag();
        flags_.put(link.flag, variation);
    }
    const bool fulfilled = enabled && link.accepts(variation);
    recorder_.end_prerequisite(link.flag, variation, fulfilled);
    return fulfilled;
}

// Index of the flag of the first unfulfilled prerequisite, or none.
template <class R>
[[gnu::noinline]] std::uint32_t Interpreter<R>::first_unfulfilled(const PreparedFlag& flag,
                                                                  std::uint32_t index) noexcept(silent) {
    std::size_t number = 0;
    for (const auto& link : ruleset_.prerequisites.of(index))
        if (!is_fulfilled(flag, number++, link)) return link.flag;
    return none;
}

// The variation; no_variation where a split continues with the next rule; or no_unit.
template <class R>
[[gnu::always_inline]] inline std::uint32_t Interpreter<R>::serve(const PreparedFlag& flag, const Scope& scope,
                                                                  const PreparedServe& serve) noexcept(silent) {
    if (serve.is_split()) return split(scope, flag.splits[serve.split]);
    recorder_.serve(serve.variation);
    return serve.variation;
}

template <class R>
[[gnu::noinline]] std::uint32_t Interpreter<R>::split(const Scope& scope, const PreparedSplit& split) noexcept(silent) {
    const auto value = attribute(scope, split.attribute);
    UnitDigits digits;
    std::string_view unit;
    if (value.is(json::Kind::string)) [[likely]] {
        unit = value.as_string();
    } else if (const auto integer = integer_unit(value, digits)) {
        unit = *integer;
    } else {
        recorder_.split({split, std::nullopt});
        return no_unit;
    }
    const auto slot = split.bucketing.slot(unit);
    const PreparedRange* in = nullptr;
    for (const auto& range : split.ranges) {
        if (slot < range.from || slot >= range.to) continue;
        in = &range;
        break;
    }
    recorder_.split({split, unit, slot, in});
    return in != nullptr ? in->variation : split.otherwise;
}

// Runs from `leaf` to an exit and returns its number. A segment leaf suspends the item it belongs
// to while the segment's leaves run; compile() limits that nesting to reference_depth. Most leaves
// compare a string with a few others, and these are decided without a call.
template <class R>
[[gnu::always_inline]] inline std::uint32_t Interpreter<R>::run_leaves(const Scope* scope,
                                                                       const LinkedLeaf* leaf) noexcept(silent) {
    struct Suspended {
        const LinkedLeaf* leaf;  // the segment leaf
        const Scope* scope;
    };
    Suspended stack[limits::reference_depth + 1];  // uninitialised: set only where it is used
    auto* top = stack;
    for (;;) {
        if (leaf->kind >= Leaf::Kind::strings) [[likely]] {
            record_begin(*scope, *leaf);
            const auto value = attributes_.find(leaf->attribute);
            if (leaf->kind == Leaf::Kind::strings && value.is(json::Kind::string)) [[likely]] {
                recorder_.value(value);
                leaf = next_leaf(*leaf, is_one_of(*leaf, scope->conditions->bytes, value));
            } else if (leaf->kind == Leaf::Kind::suffixes && value.is(json::Kind::string)) {
                recorder_.value(value);
                leaf = next_leaf(*leaf, ends_with_any(*leaf, scope->conditions->bytes, value));
            } else {
                leaf = next_leaf(*leaf, holds_for_attribute(*scope, *leaf));
            }
        } else if (leaf->kind == Leaf::Kind::exit) {
            if (top == stack) return leaf->number;
            const bool member = leaf->number != 0;
            --top;
            leaf = top->leaf;
            scope = top->scope;
            segments_.put(leaf->number, member);
            recorder_.end_segment(member);
            leaf = next_leaf(*leaf, member);
        } else if (leaf->kind == Leaf::Kind::segment) {
            record_begin(*scope, *leaf);
            recorder_.begin_segment(leaf->number);
            std::uint32_t member = 0;
            if (segments_.find(leaf->number, member)) {
                recorder_.end_segment(member != 0);
                leaf = next_leaf(*leaf, member != 0);
            } else {
                *top++ = {leaf, scope};
                scope = &ruleset_.segment_scopes[leaf->number];
                leaf = scope->start;
            }
        } else {
            record_begin(*scope, *leaf);
            leaf = next_leaf(*leaf, holds_without_value(*scope, *leaf));
        }
    }
}

template <class R>
[[gnu::always_inline]] inline void Interpreter<R>::record_begin(const Scope& scope,
                                                                const LinkedLeaf& leaf) noexcept(silent) {
    if (R::records && leaf.is_first) recorder_.begin_leaf(*leaf.leaf, static_cast<std::uint32_t>(&leaf - scope.first));
}

// The successor, by whether the positive operator holds.
template <class R>
[[gnu::always_inline]] inline const LinkedLeaf* Interpreter<R>::next_leaf(const LinkedLeaf& leaf,
                                                                          bool holds) noexcept(silent) {
    const auto* next = holds ? leaf.next[1] : leaf.next[0];
    if (R::records && next->is_first) recorder_.end_leaf(*leaf.leaf, holds != leaf.leaf->negated);
    return next;
}

// The positive operator of a leaf on the value of its attribute; false where that is missing or
// null.
template <class R>
[[gnu::noinline]] bool Interpreter<R>::holds_for_attribute(const Scope& scope,
                                                           const LinkedLeaf& linked) noexcept(silent) {
    auto value = attributes_.find(linked.attribute);
    if (!attributes_.is_known(value))
        value = attributes_.fetch(linked.attribute, scope.conditions->attributes[linked.leaf->attribute]);
    recorder_.value(value);
    if (value.is(json::Kind::string)) return test_string(*scope.conditions, *linked.leaf, value, versions_);
    return !value.is(json::Kind::null) && test_other(*scope.conditions, *linked.leaf, value, versions_);
}

// The positive operator of a leaf that does not depend on the value of one attribute.
template <class R>
[[gnu::noinline]] bool Interpreter<R>::holds_without_value(const Scope& scope,
                                                           const LinkedLeaf& linked) noexcept(silent) {
    const auto& leaf = *linked.leaf;
    switch (leaf.kind) {
        case Leaf::Kind::bucket:
            return test_bucket(scope, scope.conditions->others->buckets[leaf.operand]);
        case Leaf::Kind::now:
            recorder_.now(now_);
            return satisfies(compare(Number::of(now_), scope.conditions->others->numbers[leaf.operand]),
                             leaf.comparison);
        case Leaf::Kind::exit:
        case Leaf::Kind::constant:
        case Leaf::Kind::segment:
        case Leaf::Kind::strings:
        case Leaf::Kind::suffixes:
        case Leaf::Kind::exists:
        case Leaf::Kind::equality:
        case Leaf::Kind::contains:
        case Leaf::Kind::starts_with:
        case Leaf::Kind::ends_with:
        case Leaf::Kind::regex:
        case Leaf::Kind::number:
        case Leaf::Kind::version:
        case Leaf::Kind::time:
        case Leaf::Kind::network:
            break;
    }
    return true;
}

template <class R>
[[gnu::noinline]] bool Interpreter<R>::test_bucket(const Scope& scope, const BucketTest& bucket) noexcept(silent) {
    UnitDigits digits;
    const auto unit = unit_of(attribute(scope, bucket.attribute), digits);
    const auto slot = unit ? bucket.bucketing.slot(*unit) : 0;
    recorder_.bucket(unit, slot);
    return unit && bucket.from <= slot && slot < bucket.to;
}

}  // namespace fanion::eval
