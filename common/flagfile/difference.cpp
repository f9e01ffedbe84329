#include "common/flagfile/difference.hpp"

#include <algorithm>
#include <map>
#include <utility>

#include "common/flagfile/config_changes.hpp"
#include "common/json/reader.hpp"

namespace fanion::flagfile {
namespace {

using Names = std::set<std::string>;

void collect_segments(const model::Condition& condition, Names& names) {
    if (condition.kind == model::Condition::Kind::segment)
        for (const auto& value : condition.values) names.insert(value.text);
    for (const auto& child : condition.children) collect_segments(child, names);
}

Names flags_of(const Flag& flag) {
    Names names;
    for (const auto& [environment, in] : flag.environments)
        for (const auto& one : in.config.prerequisites) names.insert(one.flag);
    return names;
}

Names segments_of(const Flag& flag) {
    Names names;
    for (const auto& [environment, in] : flag.environments)
        for (const auto& rule : in.config.rules) collect_segments(rule.when, names);
    return names;
}

Names segments_of(const Segment& segment) {
    Names names;
    for (const auto& [environment, in] : segment.environments)
        for (const auto& rule : in.members.rules) collect_segments(rule.when, names);
    return names;
}

// The keys of `needs`, what is needed before what needs it; those in a circle in any order.
std::vector<std::string> in_order(const std::map<std::string, Names>& needs) {
    std::vector<std::string> out;
    Names done;
    for (std::size_t before = needs.size() + 1; out.size() < needs.size() && before != out.size();) {
        before = out.size();
        for (const auto& [key, needed] : needs) {
            const bool is_ready = std::all_of(needed.begin(), needed.end(), [&, &self = key](const std::string& other) {
                return other == self || done.contains(other) || !needs.contains(other);
            });
            if (is_ready && done.insert(key).second) out.push_back(key);
        }
    }
    for (const auto& [key, needed] : needs)
        if (!done.contains(key)) out.push_back(key);
    return out;
}

// The keys of `from` that `others` lacks.
template <class Item, class NeedsOf>
std::vector<std::string> only_in(const std::map<std::string, Item>& from, const std::map<std::string, Item>& others,
                                 NeedsOf needs_of) {
    std::map<std::string, Names> needs;
    for (const auto& [key, item] : from)
        if (!others.contains(key)) needs[key] = needs_of(item);
    return in_order(needs);
}

void append(std::vector<FlagChange>& changes, const std::string& flag, const std::string& environment,
            std::uint64_t version, std::vector<std::string> instructions) {
    for (std::size_t from = 0; from < instructions.size(); from += max_instructions) {
        const auto to = std::min(instructions.size(), from + max_instructions);
        changes.push_back({flag, environment, version, {}});
        for (auto i = from; i < to; ++i) changes.back().instructions.push_back(std::move(instructions[i]));
    }
}

bool same_members(const model::Segment& a, const model::Segment& b) {
    return values_of(a.included) == values_of(b.included) && values_of(a.excluded) == values_of(b.excluded) &&
           a.rules == b.rules;
}

bool is_definition_changed(const Segment& wanted, const Segment& present) {
    const auto tags_of = [](const Segment& segment) { return Names(segment.tags.begin(), segment.tags.end()); };
    const bool is_restored = present.archived && !wanted.archived;
    return is_restored || wanted.name != present.name || wanted.description != present.description ||
           wanted.owner != present.owner || wanted.client != present.client || tags_of(wanted) != tags_of(present);
}

// The definition last: restoring a segment gives its configurations new versions.
void change_segment(const std::string& key, const Segment& wanted, const Segment& present, const Names& environments,
                    std::vector<SegmentChange>& out) {
    for (const auto& [environment, in] : wanted.environments) {
        const auto held = present.environments.find(environment);
        if (!environments.contains(environment) || held == present.environments.end()) continue;
        if (!same_members(in.members, held->second.members)) out.push_back({key, environment, held->second.version});
    }
    if (is_definition_changed(wanted, present)) out.push_back({key, "", present.version});
}

std::vector<SegmentChange> archived_segments(const Project& wanted, const Project& present) {
    std::map<std::string, Names> needs;
    for (const auto& [key, segment] : wanted.segments) {
        const auto held = present.segments.find(key);
        const bool is_archived = held != present.segments.end() && held->second.archived;
        if (segment.archived && !is_archived) needs[key] = segments_of(segment);
    }
    std::vector<SegmentChange> out;
    for (const auto& key : in_order(needs)) {
        const auto held = present.segments.find(key);
        std::uint64_t version = 1;  // of a new one
        if (held != present.segments.end())
            version = held->second.version + (is_definition_changed(wanted.segments.at(key), held->second) ? 1 : 0);
        out.push_back({key, "", version});
    }
    std::reverse(out.begin(), out.end());
    return out;
}

std::string pointer_to(std::string_view list, const std::string& key, std::string_view member,
                       const std::string& name = "") {
    std::string pointer;
    for (const auto token : {list, std::string_view(key), member}) json::append_pointer(pointer, token);
    if (!name.empty()) json::append_pointer(pointer, name);
    return pointer;
}

void check_fixed(const std::string& key, const Flag& wanted, const Flag& present, std::vector<Finding>& findings) {
    if (wanted.type != present.type)
        findings.push_back({"", pointer_to("flags", key, "type"), "immutable",
                            "the type of a flag cannot be changed: `" + key + "` has another one"});
    if (wanted.salt != present.salt)
        findings.push_back({"", pointer_to("flags", key, "salt"), "immutable",
                            "the salt of a flag cannot be changed: `" + key + "` has `" + present.salt + "`"});
}

}  // namespace

std::vector<FlagChange> flag_changes(const std::string& key, const Flag& wanted, const Flag& present,
                                     const Names& environments) {
    std::vector<FlagChange> changes;
    append(changes, key, "", present.version, early_instructions(wanted, present));
    for (const auto& [environment, in] : wanted.environments) {
        const auto held = present.environments.find(environment);
        if (!environments.contains(environment) || held == present.environments.end()) continue;
        append(changes, key, environment, held->second.version,
               config_instructions(in.config, held->second.config, present.salt));
    }
    append(changes, key, "", present.version, late_instructions(wanted, present));
    return changes;
}

Difference difference(const Project& wanted, const Project& present, const Names& environments,
                      std::vector<Finding>& findings) {
    Difference out;
    const auto needs_of = [](const Segment& item) { return segments_of(item); };
    out.new_segments = only_in(wanted.segments, present.segments, needs_of);
    out.new_flags = only_in(wanted.flags, present.flags, flags_of);
    out.removed_flags = only_in(present.flags, wanted.flags, flags_of);
    out.removed_segments = only_in(present.segments, wanted.segments, needs_of);
    std::reverse(out.removed_flags.begin(), out.removed_flags.end());
    std::reverse(out.removed_segments.begin(), out.removed_segments.end());
    out.archived_segments = archived_segments(wanted, present);
    for (const auto& key : only_in(wanted.segments, {}, needs_of)) {
        const auto held = present.segments.find(key);
        const auto before = out.segments.size();
        const bool is_new = held == present.segments.end();
        if (!is_new) change_segment(key, wanted.segments.at(key), held->second, environments, out.segments);
        if (is_new || out.segments.size() > before) out.segments_in_order.push_back(key);
    }
    for (const auto& key : only_in(wanted.flags, {}, flags_of)) {
        const auto held = present.flags.find(key);
        if (held == present.flags.end()) continue;
        const auto& flag = wanted.flags.at(key);
        check_fixed(key, flag, held->second, findings);
        auto changes = flag_changes(key, flag, held->second, environments);
        std::move(changes.begin(), changes.end(), std::back_inserter(out.flags));
    }
    return out;
}

bool refers_to(const Flag& flag, const Names& flags, const Names& segments) {
    const auto meets = [](const Names& a, const Names& b) {
        return std::any_of(a.begin(), a.end(), [&](const std::string& name) { return b.contains(name); });
    };
    return meets(flags_of(flag), flags) || meets(segments_of(flag), segments);
}

}  // namespace fanion::flagfile
