#pragma once

// Tests one leaf against one value. Pure; no allocation but what RE2 needs for states it has not
// met yet. The short tests are inline, because most of an evaluation is spent in them.

#include "common/eval/compile/compiled.hpp"
#include "common/eval/operators/text_match.hpp"
#include "common/json/document.hpp"

namespace fanion::eval {

// Comparison has a bit for each result of an ordering.
inline bool satisfies(std::weak_ordering order, Leaf::Comparison comparison) noexcept {
    const auto which = (order > 0 ? 4 : 0) + (order == 0 ? 2 : 0) + (order < 0 ? 1 : 0);
    return (static_cast<int>(comparison) & which) != 0;
}

// Kind `strings`: whether the string equals one of the leaf's. `bytes` is Conditions::bytes.
inline bool is_one_of(const LinkedLeaf& leaf, const std::string& bytes, json::Value string) noexcept {
    const auto* text = leaf.texts;
    do {
        if (text->word == string.string_head() && text->equals_after_head(bytes.data(), string.as_string()))
            return true;
    } while (++text != leaf.texts_end);
    return false;
}

// Kind `suffixes`: whether the string ends with one of the leaf's.
[[gnu::noinline]] inline bool ends_with_any(const LinkedLeaf& leaf, const std::string& bytes,
                                            json::Value string) noexcept {
    const auto subject = string.as_string();
    const auto* text = leaf.texts;
    do {
        if (text->length <= subject.size() &&
            text->equals_at(bytes.data(), subject.data() + (subject.size() - text->length)))
            return true;
    } while (++text != leaf.texts_end);
    return false;
}

// Remembers the version that the last string was parsed as, because rules often compare one
// attribute many times. One thread.
class VersionMemo {
public:
    VersionMemo() noexcept {}  // not defaulted, so that the version stays uninitialised

    // False when the string is not a version.
    bool compares(json::Value string, const SemVer& operand, Leaf::Comparison comparison) noexcept {
        if (of_ != string.node()) read(string);
        return is_version_ && satisfies(compare(version_, operand), comparison);
    }

private:
    [[gnu::noinline]] void read(json::Value string) noexcept {
        of_ = string.node();
        const auto parsed = parse_semver(string.as_string());
        is_version_ = parsed.has_value();
        if (parsed) version_ = *parsed;
    }

    const json::Node* of_ = nullptr;
    bool is_version_;
    union {
        SemVer version_;
    };
};

// The positive operator of `leaf` on a string, for every kind but `version`; and on a value that is
// neither a string nor null. On an array: whether it holds for one of its elements, arrays within
// it not searched.
bool test_unversioned_string(const Conditions& conditions, const Leaf& leaf, json::Value string) noexcept;
bool test_other(const Conditions& conditions, const Leaf& leaf, json::Value value, VersionMemo& versions) noexcept;

// The positive operator of `leaf` on a string.
[[gnu::always_inline]] inline bool test_string(const Conditions& conditions, const Leaf& leaf, json::Value string,
                                               VersionMemo& versions) noexcept {
    if (leaf.kind == Leaf::Kind::version)
        return versions.compares(string, conditions.others->versions[leaf.operand].parsed, leaf.comparison);
    return test_unversioned_string(conditions, leaf, string);
}

}  // namespace fanion::eval
