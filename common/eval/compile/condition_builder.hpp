#pragma once

// Turns the lists and condition trees of one flag or segment into leaves (condition.hpp). Lists and
// trees are added in the order of evaluation, and finish() comes last. One thread; used once per
// item.
//
// Faults are added to the findings and building continues, so that all are reported at once; when
// there are any, the result must not be used. `pointer` is always the JSON pointer within the item.

#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

#include "common/eval/compile/compiled.hpp"
#include "common/eval/compile/findings.hpp"

namespace fanion::eval {

class ConditionBuilder {
public:
    // `salt`: the flag's; nullopt in a segment, where each bucket condition needs its own.
    ConditionBuilder(Conditions& conditions, std::vector<Unresolved>& segments, ItemFindings& findings,
                     std::optional<std::string> salt);

    // Where the condition holds, evaluation leaves by `exit` (Leaf::first_exit + number); where it
    // does not, it continues with whatever is added next. add_tree() returns the index of the
    // tree's first leaf.
    std::uint32_t add_tree(const model::Condition& condition, const std::string& pointer, std::uint32_t exit);
    void add_list(const model::Target& list, const std::string& pointer, std::uint32_t exit);
    // Where nothing holds, evaluation leaves by exit 0.
    void finish();

    // The index in Conditions::attributes of a reference that is read from the context; `$now` is
    // rejected.
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
    std::unordered_map<std::string, std::uint32_t> attributes_;  // reference -> index in Conditions::attributes
    std::size_t counted_ = 0;                                    // conditions of the tree being added, as written
    bool reads_now_ = false;
};

// A leaf with the kind, comparison and negation that the operator's row in model/operators.hpp asks
// for.
Leaf leaf_of(model::Op op) noexcept;

// Makes `leaf` a case-sensitive equality with one of the strings: kind `strings` for a few,
// `equality` for more.
void add_strings(Conditions& conditions, Leaf& leaf, const std::vector<std::string_view>& strings);

// Prepares the values of a comparison into the table of `leaf`'s kind and sets leaf.operand.
void add_operand(Conditions& conditions, Leaf& leaf, const model::Condition& condition, const std::string& pointer,
                 ItemFindings& findings);

}  // namespace fanion::eval
