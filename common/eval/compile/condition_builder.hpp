#pragma once

// Prepares the conditions of one flag or segment. One thread; used once per item.

#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

#include "common/eval/compile/compiled.hpp"
#include "common/eval/compile/findings.hpp"

namespace fanion::eval {

class ConditionBuilder {
public:
    // `salt`: the flag's, or nothing in a segment, where bucket conditions name theirs.
    ConditionBuilder(Conditions& conditions, std::vector<Unresolved>& segments, ItemFindings& findings,
                     std::optional<std::string> salt);

    // What is asked next, and the end it leads to when it holds; otherwise the way goes on behind it. Adds
    // findings for what cannot be prepared; the result is then of no use. Of a tree the first leaf is returned.
    std::uint32_t add_tree(const model::Condition& condition, const std::string& pointer, std::uint32_t end);
    void add_list(const model::Target& list, const std::string& pointer, std::uint32_t end);
    // Nothing follows: what leads behind the last leaf leads to the first of the ends.
    void finish();

    // An attribute whose value is read from the context: `$now` is refused.
    std::uint32_t context_attribute(const std::string& reference, const std::string& pointer);

    bool reads_now() const noexcept { return reads_now_; }

private:
    void add(const model::Condition& condition, const std::string& pointer, std::size_t depth);
    void add_leaf(const model::Condition& condition, const std::string& pointer);
    void add_leaf(Leaf leaf);
    void add_segments(const model::Condition& condition, const std::string& pointer);
    void add_negation(const model::Condition& child, const std::string& pointer, std::size_t depth);
    void add_children(const model::Condition& condition, const std::string& pointer, std::size_t depth);
    void redirect(std::uint32_t first, std::uint32_t from, std::uint32_t to);
    Leaf comparison(const model::Condition& condition, const std::string& pointer);
    Leaf bucket(const model::Bucket& bucket, const std::string& pointer);
    std::uint32_t attribute(const std::string& reference, const std::string& pointer);
    std::uint32_t next() const noexcept { return static_cast<std::uint32_t>(conditions_.leaves.size()); }

    Conditions& conditions_;
    std::vector<Unresolved>& segments_;
    ItemFindings& findings_;
    std::optional<std::string> salt_;
    std::unordered_map<std::string, std::uint32_t> attributes_;  // already interned
    std::size_t counted_ = 0;                                    // leaves of the tree being added, as written
    bool reads_now_ = false;
};

// The kind, comparison and negation an operator stands for.
Leaf leaf_of(model::Op op) noexcept;

// Sets kind and operand for equality with strings.
void add_strings(Conditions& conditions, Leaf& leaf, const std::vector<std::string_view>& strings);

// Prepares the values of a comparison into the table of `leaf`'s kind and sets leaf.operand.
void add_operand(Conditions& conditions, Leaf& leaf, const model::Condition& condition, const std::string& pointer,
                 ItemFindings& findings);

}  // namespace fanion::eval
