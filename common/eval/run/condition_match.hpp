#pragma once

// One condition on one value. Pure; no allocation but what RE2 needs for states it has not met yet. What is short is inline,
// because most of an evaluation is conditions.

#include "common/eval/compile/compiled.hpp"
#include "common/eval/operators/text_match.hpp"
#include "common/json/document.hpp"

namespace fanion::eval {

inline bool satisfies(std::weak_ordering order, Leaf::Comparison comparison) noexcept {
    const auto which = (order > 0 ? 4 : 0) + (order == 0 ? 2 : 0) + (order < 0 ? 1 : 0);
    return (static_cast<int>(comparison) & which) != 0;
}

// Equality with one of the leaf's few strings. `bytes` is the row of its texts.
inline bool is_one_of(const LinkedLeaf& leaf, const std::string& bytes, json::Value string) noexcept {
    const auto* text = leaf.texts;
    do {
        if (text->word == string.string_head() && text->has_rest(bytes.data(), string.as_string())) return true;
    } while (++text != leaf.texts_end);
    return false;
}

// Whether it ends with one of them.
[[gnu::noinline]] inline bool ends_with_any(const LinkedLeaf& leaf, const std::string& bytes,
                                            json::Value string) noexcept {
    const auto subject = string.as_string();
    const auto* text = leaf.texts;
    do {
        if (text->length <= subject.size() &&
            text->stands_at(bytes.data(), subject.data() + (subject.size() - text->length)))
            return true;
    } while (++text != leaf.texts_end);
    return false;
}

// The version that a string was read as last: rules often compare one attribute many times. One thread.
class VersionMemo {
public:
    VersionMemo() noexcept {}  // written out so that the version stays uninitialised

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

// The positive operator of `leaf` on a string; and on what is neither that nor null.
bool test_any_string(const Conditions& conditions, const Leaf& leaf, json::Value string) noexcept;
bool test_other(const Conditions& conditions, const Leaf& leaf, json::Value value, VersionMemo& versions) noexcept;

// What is short is decided here.
[[gnu::always_inline]] inline bool test_string(const Conditions& conditions, const Leaf& leaf, json::Value string,
                                               VersionMemo& versions) noexcept {
    if (leaf.kind == Leaf::Kind::version)
        return versions.compares(string, conditions.others->versions[leaf.operand].parsed, leaf.comparison);
    return test_any_string(conditions, leaf, string);
}

}  // namespace fanion::eval
