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

#include "common/eval/condition.hpp"
#include "common/eval/evaluator.hpp"
#include "common/eval/ruleset.hpp"
#include "common/eval/text_hash.hpp"
#include "common/json/equal_bytes.hpp"
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
};

struct PreparedRule {
    std::string id;
    std::uint32_t condition;
    PreparedServe serve;
};

struct PreparedTarget {
    std::uint32_t attribute;
    StringSet values;
    std::uint32_t variation;
};

struct PreparedFlag {
    std::string key;
    std::shared_ptr<const std::string> body;  // shared with the item: tells the next compile whether anything changed
    std::uint64_t version = 0;
    bool enabled = false;
    bool client = false;
    bool track = false;
    bool is_static = false;  // no prerequisite, target, rule or split: reason STATIC
    bool is_fixed = false;   // static or not enabled: whatever the context, it gives `fixed`
    Reason fixed_reason = Reason::disabled;
    std::uint32_t fixed = no_variation;
    bool reads_now = false;
    std::uint32_t off = no_variation;
    std::vector<CompiledVariation> variations;
    std::vector<model::Prerequisite> prerequisites;  // as written; resolved in Impl::prerequisites
    std::vector<PreparedTarget> targets;
    std::vector<PreparedRule> rules;
    PreparedServe fallthrough;
    std::vector<PreparedSplit> splits;
    Conditions conditions;
    std::vector<Unresolved> segment_references;
};

struct SegmentList {
    std::uint32_t attribute;
    StringSet values;
};

struct PreparedSegment {
    std::string key;
    std::shared_ptr<const std::string> body;
    bool reads_now = false;
    std::vector<SegmentList> included;
    std::vector<SegmentList> excluded;
    std::vector<std::uint32_t> rules;  // condition nodes
    Conditions conditions;
    std::vector<Unresolved> segment_references;
};

struct PreparedAccess {
    std::string id;
    std::shared_ptr<const std::string> body;
    model::AccessEntry entry;
};

// Index by key over a sorted list of prepared items.
class KeyIndex {
public:
    static constexpr std::uint32_t npos = ~std::uint32_t{0};

    template <class List>
    explicit KeyIndex(const List& list) {
        reserve(list.size());
        for (std::uint32_t i = 0; i < list.size(); ++i) insert(list[i]->key, i);
    }
    KeyIndex() = default;

    std::uint32_t find(std::string_view key) const noexcept {
        const auto head = json::head_of(key);
        const Entry* entries = entries_.data();
        for (auto at = text_hash<false>(key, head) & mask_; entries[at].index != npos; at = (at + 1) & mask_) {
            const auto& entry = entries[at];
            if (entry.head == head && entry.length == key.size() &&
                (key.size() <= 8 || json::equal_tails(entry.key, key.data(), key.size())))
                return entry.index;
        }
        return npos;
    }

private:
    struct Entry {
        std::uint64_t head = 0;     // json::head_of(key)
        const char* key = nullptr;  // of the prepared item, which the same ruleset holds
        std::uint32_t length = 0;
        std::uint32_t index = npos;
    };
    void reserve(std::size_t count);
    void insert(std::string_view key, std::uint32_t index);

    std::vector<Entry> entries_ = std::vector<Entry>(1);  // a power of two, at least one of them vacant
    std::uint32_t mask_ = 0;                              // entries less one
};

// For each item a list, all in one array.
template <class T>
class LinkTable {
public:
    void add(const T& link) { links_.push_back(link); }
    void end_item() { starts_.push_back(static_cast<std::uint32_t>(links_.size())); }
    std::span<const T> of(std::size_t item) const noexcept {
        return {begin_of(item), starts_[item + 1] - starts_[item]};
    }
    const T* begin_of(std::size_t item) const noexcept { return links_.data() + starts_[item]; }

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

struct Ruleset::Impl {
    std::vector<std::shared_ptr<const PreparedFlag>> flags;        // sorted by key
    std::vector<std::shared_ptr<const PreparedSegment>> segments;  // sorted by key
    std::vector<std::shared_ptr<const PreparedAccess>> access_items;
    KeyIndex flag_index;
    KeyIndex segment_index;
    LinkTable<PrerequisiteLink> prerequisites;    // by flag
    LinkTable<std::uint32_t> flag_segment_links;  // by flag, parallel to its segment_references
    LinkTable<std::uint32_t> segment_links;       // by segment, likewise
    LinkTable<std::uint32_t> flag_attributes;     // by flag, parallel to its attributes: their numbers in the ruleset
    LinkTable<std::uint32_t> segment_attributes;  // by segment, likewise
    std::vector<model::AccessEntry> access;
    std::optional<model::EnvironmentInfo> environment;
    bool reads_now = false;

    static RulesetPtr publish(std::unique_ptr<Impl> impl) { return RulesetPtr(new Ruleset(std::move(impl))); }
};

}  // namespace fanion::eval
