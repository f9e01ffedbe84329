#pragma once

// Prepares the conditions of one flag or segment. One thread; used once per item.

#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

#include "common/eval/compiled.hpp"
#include "common/eval/findings.hpp"

namespace fanion::eval {

class ConditionBuilder {
public:
    // `salt`: the flag's, or nothing in a segment, where bucket conditions name theirs.
    ConditionBuilder(Conditions& conditions, std::vector<Unresolved>& segments, ItemFindings& findings,
                     std::optional<std::string> salt);

    // A whole tree; returns its root node. Adds findings for what cannot be prepared; the result is then of no use.
    std::uint32_t add_tree(const model::Condition& condition, const std::string& pointer);

    // An attribute whose value is read from the context: `$now` is refused.
    std::uint32_t context_attribute(const std::string& reference, const std::string& pointer);

    bool reads_now() const noexcept { return reads_now_; }

private:
    void add(const model::Condition& condition, const std::string& pointer, std::size_t depth);
    void add_children(const model::Condition& condition, const std::string& pointer, std::size_t depth);
    ConditionNode leaf(const model::Condition& condition, const std::string& pointer);
    ConditionNode comparison(const model::Condition& condition, const std::string& pointer);
    ConditionNode segment(const model::Condition& condition, const std::string& pointer);
    ConditionNode bucket(const model::Bucket& bucket, const std::string& pointer);
    std::uint32_t attribute(const std::string& reference, const std::string& pointer);

    Conditions& conditions_;
    std::vector<Unresolved>& segments_;
    ItemFindings& findings_;
    std::optional<std::string> salt_;
    std::unordered_map<std::string, std::uint32_t> attributes_;  // already interned
    std::size_t leaves_ = 0;                                     // of the tree being added
    bool reads_now_ = false;
};

// The kind, comparison and negation an operator stands for.
ConditionNode node_of(model::Op op) noexcept;

// Prepares the values of a comparison into the table of `node`'s kind and sets node.operand.
void add_operand(Conditions& conditions, ConditionNode& node, const model::Condition& condition,
                 const std::string& pointer, ItemFindings& findings);

}  // namespace fanion::eval
