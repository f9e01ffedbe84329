#include "common/eval/link.hpp"

#include <unordered_map>

#include "common/eval/references.hpp"

namespace fanion::eval {
namespace {

std::string flag_item(const PreparedFlag& flag) { return "flag/" + flag.key; }

// Finds what references lead to; one that leads nowhere is told, unless its item is there and has findings of its own.
class Resolver {
public:
    Resolver(const Broken& broken, Findings& findings) : broken_(broken), findings_(findings) {}

    std::uint32_t find(const KeyIndex& index, std::string_view kind, const std::string& key, const std::string& item,
                       const std::string& pointer) {
        const auto found = index.find(key);
        const auto name = std::string(kind) + "/" + key;
        if (found == KeyIndex::npos && broken_.count(name) == 0)
            findings_.add(item, pointer, "unknown_reference", "there is no " + std::string(kind) + " `" + key + "`");
        return found;
    }

private:
    const Broken& broken_;
    Findings& findings_;
};

// A missing segment is linked to the first, so that tables stay parallel; the ruleset is refused then.
void link_segments(const Ruleset::Impl& impl, const std::string& item, const std::vector<Unresolved>& references,
                   LinkTable<std::uint32_t>& table, Resolver& resolver) {
    for (const auto& reference : references) {
        const auto index = resolver.find(impl.segment_index, "segment", reference.key, item, reference.pointer);
        table.add(index == KeyIndex::npos ? 0 : index);
    }
    table.end_item();
}

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
        const auto index =
            resolver.find(impl.flag_index, "flag", prerequisite.flag, flag_item(flag), pointer + "/flag");
        if (index != KeyIndex::npos) {
            resolved.flag = index;
            for (std::size_t v = 0; v < prerequisite.variations.size(); ++v)
                add_variation(resolved, *impl.flags[index], prerequisite.variations[v], flag_item(flag),
                              pointer + "/variations/" + std::to_string(v), findings);
        }
        impl.prerequisites.add(resolved);
    }
    impl.prerequisites.end_item();
}

// Numbers attribute references through the whole ruleset, in the order they are met.
class AttributeNumbers {
public:
    void add(const Conditions& conditions, LinkTable<std::uint32_t>& table) {
        for (const auto& attribute : conditions.attributes)
            table.add(numbers_.emplace(attribute.text, static_cast<std::uint32_t>(numbers_.size())).first->second);
        table.end_item();
    }

private:
    std::unordered_map<std::string_view, std::uint32_t> numbers_;  // keys are views into the prepared items
};

std::string fault_text(ReferenceFault::Kind kind, std::string_view what) {
    if (kind == ReferenceFault::Kind::cycle) return "this closes a cycle of " + std::string(what);
    return std::string(what) + " are deeper than " + std::to_string(limits::reference_depth);
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
            findings.add(flag_item(*impl.flags[fault.item]), "/prerequisites/" + std::to_string(fault.edge) + "/flag",
                         fault_code(fault.kind), fault_text(fault.kind, "prerequisites"));
        });
}

void check_segments(const Ruleset::Impl& impl, Findings& findings) {
    check_references(
        static_cast<std::uint32_t>(impl.segments.size()),
        [&](std::uint32_t item) { return static_cast<std::uint32_t>(impl.segment_links.of(item).size()); },
        [&](std::uint32_t item, std::uint32_t edge) { return impl.segment_links.of(item)[edge]; },
        [&](const ReferenceFault& fault) {
            const auto& segment = *impl.segments[fault.item];
            findings.add("segment/" + segment.key, segment.segment_references[fault.edge].pointer,
                         fault_code(fault.kind), fault_text(fault.kind, "segments"));
        });
}

}  // namespace

void link(Ruleset::Impl& impl, const Broken& broken, Findings& findings) {
    Resolver resolver(broken, findings);
    impl.flag_index = KeyIndex(impl.flags);
    impl.segment_index = KeyIndex(impl.segments);
    AttributeNumbers attributes;
    for (const auto& flag : impl.flags) {
        attributes.add(flag->conditions, impl.flag_attributes);
        link_prerequisites(impl, *flag, resolver, findings);
        link_segments(impl, flag_item(*flag), flag->segment_references, impl.flag_segment_links, resolver);
        impl.reads_now = impl.reads_now || flag->reads_now;
    }
    for (const auto& segment : impl.segments) {
        attributes.add(segment->conditions, impl.segment_attributes);
        link_segments(impl, "segment/" + segment->key, segment->segment_references, impl.segment_links, resolver);
        impl.reads_now = impl.reads_now || segment->reads_now;
    }
    if (!findings.empty() || !broken.empty())
        return;  // unresolved references stand for the first item: no graph to check
    check_prerequisites(impl, findings);
    check_segments(impl, findings);
}

}  // namespace fanion::eval
