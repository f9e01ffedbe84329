#pragma once

// The compiled form of a ruleset, private to common/eval. Immutable once compile() returns;
// thread-safe.
//
// There are two layers. *Prepared* flags and segments are made from one item's bytes alone and are
// shared by all rulesets that contain these bytes. *Links* belong to one ruleset and resolve what
// an item refers to elsewhere.
//
//   Ruleset::Impl
//     flags[i] -----> PreparedFlag             segments[i] -----> PreparedSegment
//                       variations, targets,                        included, rules
//                       rules, splits                               conditions: as in a flag
//                       conditions -> leaves      Leaf: kind, on_true, on_false, operand, attribute
//                                     attributes  the references as written
//                                     texts + bytes, others: the operands, by type
//     flag_scopes[i], segment_scopes[i] -----> Scope: the same item as seen in this ruleset
//                        first ------> leaves[..]  LinkedLeaf: kind, next[2], texts, attribute
//                        segments ---> links[..]   indexes in Impl::segments
//                        attributes -> links[..]   numbers in Impl::attributes
//     leaves       the LinkedLeafs of all flags, then of all segments, in one array
//     exits        the last LinkedLeaf of every path; shared by all items
//     prerequisites, flag_index, segment_index, attributes (one numbering for the whole ruleset)
//
// How a flag with one target and two rules, `when` a and (b or c), `when` in segment s, is laid
// out:
//
//   leaf 0  target list  true -> exit 1   false -> leaf 1      exit 0  nothing matched: fallthrough
//   leaf 1  a            true -> leaf 2   false -> leaf 4      exit 1  target 0
//   leaf 2  b            true -> exit 2   false -> leaf 3      exit 2  rule 0
//   leaf 3  c            true -> exit 2   false -> leaf 4      exit 3  rule 1
//   leaf 4  in s         true -> exit 3   false -> exit 0
//
// The interpreter (eval/run/interpreter.hpp) starts at the scope's `start` and follows
// `next[holds]` until it meets an exit. A segment leaf suspends it, runs the segment's own leaves,
// and continues by the exit reached there: 0 or 1. A rule whose split serves nothing to this unit
// (`otherwise: next`) continues at PreparedRule::next.

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "common/eval/compile/attribute_table.hpp"
#include "common/eval/compile/condition.hpp"
#include "common/eval/compile/key_index.hpp"
#include "common/eval/compile/ruleset.hpp"
#include "common/eval/run/evaluator.hpp"
#include "common/json/limits.hpp"

namespace fanion::eval {

inline constexpr std::uint32_t no_variation = ~std::uint32_t{0};

struct CompiledVariation {
    std::string key;
    std::string value;  // compact JSON
};

// A reference by key.
struct Unresolved {
    std::string key;
    std::string pointer;  // its place in the item
};

struct PreparedRange {
    std::uint32_t from;
    std::uint32_t to;
    std::uint32_t variation;
};

struct PreparedSplit {
    std::uint32_t attribute;  // the unit; index in Conditions::attributes
    Bucketing bucketing;
    std::vector<PreparedRange> ranges;
    std::uint32_t otherwise;  // no_variation: continue with the next rule
};

struct PreparedServe {
    static constexpr std::uint32_t no_split = ~std::uint32_t{0};
    std::uint32_t split = no_split;  // index in PreparedFlag::splits
    std::uint32_t variation = no_variation;
    Reason reason = Reason::targeting_match;  // of what is served

    bool is_split() const noexcept { return split != no_split; }
};

struct PreparedRule {
    std::string id;
    std::uint32_t condition;  // its first leaf
    std::uint32_t next;       // target when the condition holds but the split serves nothing
    PreparedServe serve;
};

struct PreparedFlag {
    std::string key;
    std::shared_ptr<const std::string> body;  // shared with the item; the next compile compares it
    std::uint64_t version = 0;
    bool enabled = false;
    bool client = false;
    bool track = false;
    // Not enabled, or without prerequisites, targets, rules and splits: every context gets `fixed`.
    bool is_fixed = false;
    Reason fixed_reason = Reason::disabled;
    std::uint32_t fixed = no_variation;
    bool reads_now = false;
    std::uint32_t off = no_variation;
    std::vector<CompiledVariation> variations;
    std::vector<model::Prerequisite> prerequisites;  // as written; resolved in Impl::prerequisites
    std::vector<std::uint32_t> targets;              // the variation of each; leaf i is the list of target i
    std::vector<PreparedRule> rules;
    std::uint32_t first_rule_exit = 1;  // number of the exit of rules[0]
    PreparedServe fallthrough;
    std::vector<PreparedSplit> splits;
    Conditions conditions;
    std::vector<Unresolved> segment_references;
};

struct PreparedSegment {
    std::string key;
    std::shared_ptr<const std::string> body;
    bool client = false;
    bool reads_now = false;
    std::uint32_t included = 0;        // number of first leaves that include; further lists exclude
    std::vector<std::uint32_t> rules;  // the first leaf of each rule
    Conditions conditions;
    std::vector<Unresolved> segment_references;
};

struct PreparedAccess {
    std::string id;
    std::shared_ptr<const std::string> body;
    model::AccessEntry entry;
};

// A list for each item, all in one array. Lists are added in the order of the items: add() for each
// element, then end_item().
template <class T>
class LinkTable {
public:
    void add(const T& link) { links_.push_back(link); }
    void end_item() { starts_.push_back(static_cast<std::uint32_t>(links_.size())); }
    std::span<const T> of(std::size_t item) const noexcept {
        return {links_.data() + starts_[item], starts_[item + 1] - starts_[item]};
    }

private:
    std::vector<T> links_;
    std::vector<std::uint32_t> starts_ = {0};  // by item, and the end of the last
};

struct PrerequisiteLink {
    std::uint32_t flag = 0;
    std::uint64_t variations[2] = {0, 0};  // bit per variation of that flag that satisfies

    bool accepts(std::uint32_t variation) const noexcept {
        return variation != no_variation && (variations[variation / 64] >> (variation % 64) & 1) != 0;
    }
};
static_assert(limits::variations <= 128);

// A leaf as the interpreter reads it: what most leaves need, without a detour through the item's
// tables. Or an exit.
struct LinkedLeaf {
    Leaf::Kind kind = Leaf::Kind::exit;
    std::uint8_t attribute = AttributeTable::shared;  // number in the ruleset's table
    bool is_first = true;                             // as in Leaf
    std::uint32_t number = 0;                         // exit: its number; segment: its index in Impl::segments
    const Leaf* leaf = nullptr;                       // everything else; null for an exit
    const ListedText* texts = nullptr;                // strings, suffixes: at least one, a vacant one if there are none
    const ListedText* texts_end = nullptr;
    // By whether the *positive* operator holds: a negative one has its targets exchanged.
    const LinkedLeaf* next[2] = {nullptr, nullptr};
};

// One flag or segment within a ruleset: its tables, and what its references stand for there.
struct Scope {
    const Conditions* conditions;
    const LinkedLeaf* first;
    const LinkedLeaf* start;          // the first leaf, or exit 0 where there is none
    const std::uint32_t* segments;    // indexes, parallel to the item's segment references
    const std::uint32_t* attributes;  // numbers in the ruleset's table, parallel to the item's attributes
};

struct Ruleset::Impl {
    std::vector<std::shared_ptr<const PreparedFlag>> flags;        // sorted by key
    std::vector<std::shared_ptr<const PreparedSegment>> segments;  // sorted by key
    std::vector<std::shared_ptr<const PreparedAccess>> access_items;
    KeyIndex flag_index;
    KeyIndex segment_index;
    LinkTable<PrerequisiteLink> prerequisites;  // by flag
    std::vector<Scope> flag_scopes;             // by flag
    std::vector<Scope> segment_scopes;          // by segment
    std::vector<std::uint32_t> links;           // scopes point into this and the next two, which no longer grow
    std::vector<LinkedLeaf> leaves;             // of all flags, then of all segments
    std::vector<LinkedLeaf> exits;              // by number; shared by all items
    AttributeTable attributes;
    std::vector<model::AccessEntry> access;
    std::optional<model::EnvironmentInfo> environment;
    bool reads_now = false;

    // A target of a leaf or rule of that scope.
    const LinkedLeaf* resolve(const Scope& scope, std::uint32_t target) const noexcept {
        return target < Leaf::first_exit ? scope.first + target : &exits[target - Leaf::first_exit];
    }

    static RulesetPtr publish(std::unique_ptr<Impl> impl) { return RulesetPtr(new Ruleset(std::move(impl))); }
};

}  // namespace fanion::eval
