#pragma once

// The compiled form, private to common/eval. Prepared flags and segments come from one item's bytes alone, are immutable
// and are shared between rulesets; what they refer to in other items is resolved per ruleset, in the link tables of
// Ruleset::Impl.

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

struct Unresolved {  // a reference by key, and where it stands
    std::string key;
    std::string pointer;
};

struct PreparedRange {
    std::uint32_t from;
    std::uint32_t to;
    std::uint32_t variation;
};

struct PreparedSplit {
    std::uint32_t attribute;
    Bucketing bucketing;
    std::vector<PreparedRange> ranges;
    std::uint32_t otherwise;  // no_variation: go on with the next rule
};

struct PreparedServe {
    static constexpr std::uint32_t no_split = ~std::uint32_t{0};
    std::uint32_t split = no_split;  // index in PreparedFlag::splits
    std::uint32_t variation = no_variation;
    Reason reason = Reason::targeting_match;  // unless a split's unit is missing

    bool is_split() const noexcept { return split != no_split; }
};

struct PreparedRule {
    std::string id;
    std::uint32_t condition;  // its first leaf
    std::uint32_t next;       // where the way goes on when it holds but serves nothing
    PreparedServe serve;
};

struct PreparedFlag {
    std::string key;
    std::shared_ptr<const std::string> body;  // shared with the item: tells the next compile whether anything changed
    std::uint64_t version = 0;
    bool enabled = false;
    bool client = false;
    bool track = false;
    bool is_fixed =
        false;  // not enabled, or without prerequisites, targets, rules and splits: it gives `fixed` to everybody
    Reason fixed_reason = Reason::disabled;
    std::uint32_t fixed = no_variation;
    bool reads_now = false;
    std::uint32_t off = no_variation;
    std::vector<CompiledVariation> variations;
    std::vector<model::Prerequisite> prerequisites;  // as written; resolved in Impl::prerequisites
    std::vector<std::uint32_t> targets;              // the variation of each; leaf i is the list of target i
    std::vector<PreparedRule> rules;
    std::uint32_t end_of_rules = 1;  // the number of the end that the first of them leads to
    PreparedServe fallthrough;
    std::vector<PreparedSplit> splits;
    Conditions conditions;
    std::vector<Unresolved> segment_references;
};

struct PreparedSegment {
    std::string key;
    std::shared_ptr<const std::string> body;
    bool reads_now = false;
    std::uint32_t included = 0;        // lists: so many first leaves; the lists behind them exclude
    std::vector<std::uint32_t> rules;  // the first leaf of each condition
    Conditions conditions;
    std::vector<Unresolved> segment_references;
};

struct PreparedAccess {
    std::string id;
    std::shared_ptr<const std::string> body;
    model::AccessEntry entry;
};

// For each item a list, all in one array.
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

// A leaf as an evaluation meets it: what most of them need, without a detour over the item's tables. Or an end.
struct LinkedLeaf {
    Leaf::Kind kind = Leaf::Kind::end;
    std::uint8_t attribute = AttributeTable::shared;  // number in the ruleset's table
    bool is_first = true;                             // of a condition on several segments
    std::uint32_t number = 0;                         // of the end, or of the segment
    const Leaf* leaf = nullptr;                       // everything else; of an end null
    const ListedText* texts = nullptr;                // strings, suffixes: one at least
    const ListedText* texts_end = nullptr;
    const LinkedLeaf* next[2] = {nullptr, nullptr};  // by whether the positive operator holds
};

// Whose condition it is: its tables, and what its references to segments and attributes are in the ruleset.
struct Scope {
    const Conditions* conditions;
    const LinkedLeaf* first;
    const LinkedLeaf* start;          // the first leaf, or the end where there is none
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
    std::vector<std::uint32_t> links;           // what scopes point into, as the next two
    std::vector<LinkedLeaf> leaves;             // of all flags, then of all segments
    std::vector<LinkedLeaf> ends;               // by their number; the same for all items
    AttributeTable attributes;
    std::vector<model::AccessEntry> access;
    std::optional<model::EnvironmentInfo> environment;
    bool reads_now = false;

    const LinkedLeaf* place_of(const Scope& scope, std::uint32_t way) const noexcept {
        return way < Leaf::ends ? scope.first + way : &ends[way - Leaf::ends];
    }

    static RulesetPtr publish(std::unique_ptr<Impl> impl) { return RulesetPtr(new Ruleset(std::move(impl))); }
};

}  // namespace fanion::eval
