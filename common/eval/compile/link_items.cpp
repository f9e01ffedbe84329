#include "common/eval/compile/link_items.hpp"

#include <algorithm>

#include "common/eval/compile/references.hpp"

namespace fanion::eval {
namespace {

std::string item_of(const PreparedFlag& flag) { return "flag/" + flag.key; }
std::string item_of(const PreparedSegment& segment) { return "segment/" + segment.key; }

// Looks up references by key. Reports an unknown one, unless its item exists and is broken, with findings of its own.
class Resolver {
public:
    Resolver(const Broken& broken, Findings& findings) : broken_(broken), findings_(findings) {}

    std::uint32_t find(const KeyIndex& index, std::string_view kind, const std::string& key, const std::string& item,
                       const std::string& pointer) {
        const auto found = index.find(key);
        if (found == KeyIndex::npos && broken_.count(std::string(kind) + "/" + key) == 0)
            findings_.add(item, pointer, "unknown_reference", "there is no " + std::string(kind) + " `" + key + "`");
        return found;
    }

private:
    const Broken& broken_;
    Findings& findings_;
};

// Builds the scopes in two passes, because they point into arrays that move while they grow: add() collects the links
// of every item, finish() lays out leaves and scopes.
class ScopeBuilder {
public:
    ScopeBuilder(Ruleset::Impl& impl, Resolver& resolver) : impl_(impl), resolver_(resolver) {}

    template <class Prepared>
    void add(const Prepared& item) {
        const auto name = item.segment_references.empty() ? std::string() : item_of(item);  // for findings
        // A missing segment is linked to the first one, so that the lists stay parallel; the ruleset is rejected
        // anyway.
        for (const auto& reference : item.segment_references) {
            const auto index = resolver_.find(impl_.segment_index, "segment", reference.key, name, reference.pointer);
            impl_.links.push_back(index == KeyIndex::npos ? 0 : index);
        }
        for (const auto& attribute : item.conditions.attributes) impl_.links.push_back(impl_.attributes.add(attribute));
        leaves_ += item.conditions.leaves.size();
    }
    void finish() {
        std::size_t exits = 2;  // a segment has two
        for (const auto& flag : impl_.flags) exits = std::max(exits, 1 + flag->targets.size() + flag->rules.size());
        impl_.exits.resize(exits);
        for (std::uint32_t i = 0; i < exits; ++i) impl_.exits[i].number = i;
        impl_.links.shrink_to_fit();
        impl_.leaves.reserve(leaves_);
        next_link_ = impl_.links.data();
        for (const auto& flag : impl_.flags) impl_.flag_scopes.push_back(scope_of(*flag));
        for (const auto& segment : impl_.segments) impl_.segment_scopes.push_back(scope_of(*segment));
        impl_.attributes.seal();
    }

private:
    template <class Prepared>
    Scope scope_of(const Prepared& item) {
        const auto& conditions = item.conditions;
        const auto* first = impl_.leaves.data() + impl_.leaves.size();
        Scope scope{&conditions, first, conditions.leaves.empty() ? impl_.exits.data() : first, next_link_, nullptr};
        scope.attributes = scope.segments + item.segment_references.size();
        next_link_ = scope.attributes + conditions.attributes.size();
        for (const auto& leaf : conditions.leaves) impl_.leaves.push_back(linked(leaf, scope));
        return scope;
    }
    LinkedLeaf linked(const Leaf& leaf, const Scope& scope) const {
        LinkedLeaf out;
        out.kind = leaf.kind;
        out.is_first = leaf.is_first;
        out.leaf = &leaf;
        out.next[leaf.negated ? 1 : 0] = impl_.resolve(scope, leaf.on_false);
        out.next[leaf.negated ? 0 : 1] = impl_.resolve(scope, leaf.on_true);
        if (leaf.kind == Leaf::Kind::segment) out.number = scope.segments[leaf.operand];
        if (leaf.kind >= Leaf::Kind::strings)
            out.attribute = static_cast<std::uint8_t>(scope.attributes[leaf.attribute]);
        if (leaf.kind != Leaf::Kind::strings && leaf.kind != Leaf::Kind::suffixes) return out;
        static constexpr ListedText nothing;
        out.texts = leaf.count == 0 ? &nothing : scope.conditions->texts.data() + leaf.operand;
        out.texts_end = out.texts + std::max(leaf.count, std::uint32_t{1});
        return out;
    }

    Ruleset::Impl& impl_;
    Resolver& resolver_;
    std::size_t leaves_ = 0;
    const std::uint32_t* next_link_ = nullptr;
};

void add_variation(PrerequisiteLink& prerequisite, const PreparedFlag& flag, const std::string& key,
                   const std::string& item, const std::string& pointer, Findings& findings) {
    for (std::size_t i = 0; i < flag.variations.size(); ++i) {
        if (flag.variations[i].key != key) continue;
        prerequisite.variations[i / 64] |= std::uint64_t{1} << (i % 64);
        return;
    }
    findings.add(item, pointer, "unknown_reference", "`" + flag.key + "` has no variation `" + key + "`");
}

void link_prerequisites(Ruleset::Impl& impl, const PreparedFlag& flag, Resolver& resolver, Findings& findings) {
    for (std::size_t i = 0; i < flag.prerequisites.size(); ++i) {
        const auto& prerequisite = flag.prerequisites[i];
        const auto pointer = "/prerequisites/" + std::to_string(i);
        PrerequisiteLink resolved;
        const auto index = resolver.find(impl.flag_index, "flag", prerequisite.flag, item_of(flag), pointer + "/flag");
        if (index != KeyIndex::npos) {
            resolved.flag = index;
            for (std::size_t v = 0; v < prerequisite.variations.size(); ++v)
                add_variation(resolved, *impl.flags[index], prerequisite.variations[v], item_of(flag),
                              pointer + "/variations/" + std::to_string(v), findings);
        }
        impl.prerequisites.add(resolved);
    }
    impl.prerequisites.end_item();
}

template <class List>
KeyIndex index_of(const List& items) {
    KeyIndex index(items.size());
    for (std::uint32_t i = 0; i < items.size(); ++i) index.insert(items[i]->key, i);
    index.seal();
    return index;
}

std::string fault_text(ReferenceFault::Kind kind, std::string_view what) {
    if (kind == ReferenceFault::Kind::cycle) return "this closes a cycle of " + std::string(what);
    return std::string(what) + " are nested more deeply than " + std::to_string(limits::reference_depth);
}

std::string_view fault_code(ReferenceFault::Kind kind) {
    return kind == ReferenceFault::Kind::cycle ? "cycle" : "too_deep";
}

void check_prerequisites(const Ruleset::Impl& impl, Findings& findings) {
    check_references(
        static_cast<std::uint32_t>(impl.flags.size()),
        [&](std::uint32_t item) { return static_cast<std::uint32_t>(impl.prerequisites.of(item).size()); },
        [&](std::uint32_t item, std::uint32_t edge) { return impl.prerequisites.of(item)[edge].flag; },
        [&](const ReferenceFault& fault) {
            findings.add(item_of(*impl.flags[fault.item]), "/prerequisites/" + std::to_string(fault.edge) + "/flag",
                         fault_code(fault.kind), fault_text(fault.kind, "prerequisites"));
        });
}

void check_segments(const Ruleset::Impl& impl, Findings& findings) {
    check_references(
        static_cast<std::uint32_t>(impl.segments.size()),
        [&](std::uint32_t item) { return static_cast<std::uint32_t>(impl.segments[item]->segment_references.size()); },
        [&](std::uint32_t item, std::uint32_t edge) { return impl.segment_scopes[item].segments[edge]; },
        [&](const ReferenceFault& fault) {
            const auto& segment = *impl.segments[fault.item];
            findings.add(item_of(segment), segment.segment_references[fault.edge].pointer, fault_code(fault.kind),
                         fault_text(fault.kind, "segments"));
        });
}

}  // namespace

void link(Ruleset::Impl& impl, const Broken& broken, Findings& findings) {
    Resolver resolver(broken, findings);
    impl.flag_index = index_of(impl.flags);
    impl.segment_index = index_of(impl.segments);
    ScopeBuilder scopes(impl, resolver);
    for (const auto& flag : impl.flags) {
        link_prerequisites(impl, *flag, resolver, findings);
        scopes.add(*flag);
        impl.reads_now = impl.reads_now || flag->reads_now;
    }
    for (const auto& segment : impl.segments) {
        scopes.add(*segment);
        impl.reads_now = impl.reads_now || segment->reads_now;
    }
    if (!findings.empty() || !broken.empty())
        return;  // unresolved references are linked to the first item, so the graph would be wrong
    scopes.finish();
    check_prerequisites(impl, findings);
    check_segments(impl, findings);
}

}  // namespace fanion::eval
