#pragma once

// The way through a ruleset, in the order of ruleset.md (Evaluation): the one implementation, for answering and for
// explaining. A Walk is one context at one time; asked for several flags, it keeps what it found of attributes, segments and
// prerequisites. One thread; lives on the stack. Throws only what its recorder throws.

#include "common/eval/run/condition_match.hpp"
#include "common/eval/run/memo.hpp"
#include "common/eval/run/outcome.hpp"
#include "common/eval/run/recorder.hpp"

namespace fanion::eval {

template <class Recorder>
class Walk {
    static constexpr bool silent = !Recorder::records;

public:
    Walk(const Ruleset::Impl& ruleset, json::Value context, UnixMillis now, Recorder& recorder) noexcept
        : ruleset_(ruleset), now_(now), recorder_(recorder), attributes_(ruleset.attributes, context) {}

    // `flag` is the one with that index.
    Outcome flag(const PreparedFlag& flag, std::uint32_t index) noexcept(silent);

private:
    static constexpr std::uint32_t no_unit = no_variation - 1;

    // flags
    Outcome required_flag(std::uint32_t index) noexcept(silent);
    bool is_fulfilled(const PreparedFlag& of, std::size_t number, const PrerequisiteLink& link) noexcept(silent);
    std::uint32_t first_unfulfilled(const PreparedFlag& flag, std::uint32_t index) noexcept(silent);
    std::uint32_t serve(const PreparedFlag& flag, const Scope& scope, const PreparedServe& serve) noexcept(silent);
    std::uint32_t split(const Scope& scope, const PreparedSplit& split) noexcept(silent);

    // leaves
    std::uint32_t ask(const Scope* scope, const LinkedLeaf* leaf) noexcept(silent);
    void begin(const Scope& scope, const LinkedLeaf& leaf) noexcept(silent);
    const LinkedLeaf* next(const LinkedLeaf& leaf, bool holds) noexcept(silent);
    bool is_true(const Scope& scope, const LinkedLeaf& linked) noexcept(silent);
    bool is_true_without_value(const Scope& scope, const LinkedLeaf& linked) noexcept(silent);
    bool test_bucket(const Scope& scope, const BucketTest& bucket) noexcept(silent);

    json::Value attribute(const Scope& scope, std::uint32_t index) noexcept {
        const auto number = scope.attributes[index];
        const auto value = attributes_.find(number);
        return attributes_.is_known(value) ? value : attributes_.follow(number, scope.conditions->attributes[index]);
    }

    const Ruleset::Impl& ruleset_;
    const UnixMillis now_;
    Recorder& recorder_;
    AttributeCache attributes_;
    VersionMemo versions_;
    Memo segments_;
    Memo flags_;
};

// Prerequisites, targets, rules, fallthrough.
template <class R>
[[gnu::always_inline]] inline Outcome Walk<R>::flag(const PreparedFlag& flag, std::uint32_t index) noexcept(silent) {
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
        const auto end = ask(&scope, at);
        if (end == 0) break;
        if (end < flag.end_of_rules) {
            outcome.variation = flag.targets[end - 1];
            return outcome;
        }
        const auto& rule = flag.rules[end - flag.end_of_rules];
        recorder_.begin_serve();
        const auto variation = serve(flag, scope, rule.serve);
        recorder_.end_serve();
        if (variation < no_unit) {
            outcome.reason = rule.serve.reason;
            outcome.variation = variation;
            outcome.rule = &rule;
            return outcome;
        }
        at = ruleset_.place_of(scope, rule.next);
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
[[gnu::noinline]] Outcome Walk<R>::required_flag(std::uint32_t index) noexcept(silent) {
    return flag(*ruleset_.flags[index], index);
}

// Whether a prerequisite's flag is enabled and came to one of the variations asked for.
template <class R>
bool Walk<R>::is_fulfilled(const PreparedFlag& of, std::size_t number, const PrerequisiteLink& link) noexcept(silent) {
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

// The unfulfilled prerequisite's flag, or none.
template <class R>
[[gnu::noinline]] std::uint32_t Walk<R>::first_unfulfilled(const PreparedFlag& flag,
                                                           std::uint32_t index) noexcept(silent) {
    std::size_t number = 0;
    for (const auto& link : ruleset_.prerequisites.of(index))
        if (!is_fulfilled(flag, number++, link)) return link.flag;
    return none;
}

// The variation, or no_unit.
template <class R>
[[gnu::always_inline]] inline std::uint32_t Walk<R>::serve(const PreparedFlag& flag, const Scope& scope,
                                                           const PreparedServe& serve) noexcept(silent) {
    if (serve.is_split()) return split(scope, flag.splits[serve.split]);
    recorder_.serve(serve.variation);
    return serve.variation;
}

template <class R>
[[gnu::noinline]] std::uint32_t Walk<R>::split(const Scope& scope, const PreparedSplit& split) noexcept(silent) {
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

// From leaf to leaf, and into the segments they ask for; the number of the end. Most leaves compare a string with a few others:
// these are decided without a call.
template <class R>
[[gnu::always_inline]] inline std::uint32_t Walk<R>::ask(const Scope* scope, const LinkedLeaf* leaf) noexcept(silent) {
    struct Asking {
        const LinkedLeaf* leaf;
        const Scope* scope;
    };
    Asking stack[limits::reference_depth + 1];  // whoever waits for a segment; uninitialised
    auto* top = stack;
    for (;;) {
        if (leaf->kind >= Leaf::Kind::strings) [[likely]] {
            begin(*scope, *leaf);
            const auto value = attributes_.find(leaf->attribute);
            if (leaf->kind == Leaf::Kind::strings && value.is(json::Kind::string)) [[likely]] {
                recorder_.value(value);
                leaf = next(*leaf, is_one_of(*leaf, scope->conditions->bytes, value));
            } else if (leaf->kind == Leaf::Kind::suffixes && value.is(json::Kind::string)) {
                recorder_.value(value);
                leaf = next(*leaf, ends_with_any(*leaf, scope->conditions->bytes, value));
            } else {
                leaf = next(*leaf, is_true(*scope, *leaf));
            }
        } else if (leaf->kind == Leaf::Kind::end) {
            if (top == stack) return leaf->number;
            const bool member = leaf->number != 0;
            --top;
            leaf = top->leaf;
            scope = top->scope;
            segments_.put(leaf->number, member);
            recorder_.end_segment(member);
            leaf = next(*leaf, member);
        } else if (leaf->kind == Leaf::Kind::segment) {
            begin(*scope, *leaf);
            recorder_.begin_segment(leaf->number);
            std::uint32_t member = 0;
            if (segments_.find(leaf->number, member)) {
                recorder_.end_segment(member != 0);
                leaf = next(*leaf, member != 0);
            } else {
                *top++ = {leaf, scope};
                scope = &ruleset_.segment_scopes[leaf->number];
                leaf = scope->start;
            }
        } else {
            begin(*scope, *leaf);
            leaf = next(*leaf, is_true_without_value(*scope, *leaf));
        }
    }
}

template <class R>
[[gnu::always_inline]] inline void Walk<R>::begin(const Scope& scope, const LinkedLeaf& leaf) noexcept(silent) {
    if (R::records && leaf.is_first) recorder_.begin_leaf(*leaf.leaf, static_cast<std::uint32_t>(&leaf - scope.first));
}

// Where the way goes on, by whether the positive operator holds.
template <class R>
[[gnu::always_inline]] inline const LinkedLeaf* Walk<R>::next(const LinkedLeaf& leaf, bool holds) noexcept(silent) {
    const auto* next = holds ? leaf.next[1] : leaf.next[0];
    if (R::records && next->is_first) recorder_.end_leaf(*leaf.leaf, holds != leaf.leaf->negated);
    return next;
}

// The positive operator on an attribute.
template <class R>
[[gnu::noinline]] bool Walk<R>::is_true(const Scope& scope, const LinkedLeaf& linked) noexcept(silent) {
    auto value = attributes_.find(linked.attribute);
    if (!attributes_.is_known(value))
        value = attributes_.follow(linked.attribute, scope.conditions->attributes[linked.leaf->attribute]);
    recorder_.value(value);
    if (value.is(json::Kind::string)) return test_string(*scope.conditions, *linked.leaf, value, versions_);
    return !value.is(json::Kind::null) && test_other(*scope.conditions, *linked.leaf, value, versions_);
}

template <class R>
[[gnu::noinline]] bool Walk<R>::is_true_without_value(const Scope& scope, const LinkedLeaf& linked) noexcept(silent) {
    const auto& leaf = *linked.leaf;
    switch (leaf.kind) {
        case Leaf::Kind::bucket:
            return test_bucket(scope, scope.conditions->others->buckets[leaf.operand]);
        case Leaf::Kind::now:
            recorder_.now(now_);
            return satisfies(compare(Number::of(now_), scope.conditions->others->numbers[leaf.operand]),
                             leaf.comparison);
        case Leaf::Kind::end:
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
[[gnu::noinline]] bool Walk<R>::test_bucket(const Scope& scope, const BucketTest& bucket) noexcept(silent) {
    UnitDigits digits;
    const auto unit = unit_of(attribute(scope, bucket.attribute), digits);
    const auto slot = unit ? bucket.bucketing.slot(*unit) : 0;
    recorder_.bucket(unit, slot);
    return unit && bucket.from <= slot && slot < bucket.to;
}

}  // namespace fanion::eval
