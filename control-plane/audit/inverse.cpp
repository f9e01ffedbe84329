#include "control-plane/audit/inverse.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include "control-plane/audit/entry.hpp"
#include "control-plane/body/json_patch.hpp"

namespace fanion::cp::audit {
namespace {

constexpr std::array<std::string_view, 8> derived_members = {"version",          "created_at",   "updated_at",
                                                             "archived_at",      "last_used_at", "ruleset_version",
                                                             "released_version", "warnings"};

bool is_derived(std::string_view name) {
    return std::find(derived_members.begin(), derived_members.end(), name) != derived_members.end();
}

Error refused(std::string code, std::string detail) {
    return {Errc::conflict, detail, {{"", "", std::move(code), detail}}};
}

std::string string_of(const json::Tree& entry, std::string_view name) {
    const auto* found = entry.find(name);
    return found && found->is(json::Kind::string) ? found->as_string() : "";
}

json::Tree state_of(const json::Tree& entry, std::string_view name) {
    const auto* found = entry.find(name);
    return found && found->is(json::Kind::object) ? *found : json::Tree();
}

json::Tree without_derived(const json::Tree& state) {
    auto kept = json::Tree::object();
    if (!state.is(json::Kind::object)) return kept;
    for (const auto& member : state.members())
        if (!is_derived(member.name)) kept.members().push_back(member);
    return kept;
}

// A patch merges objects: each member that is not wanted must be taken away by its name.
json::Tree object_patch(const json::Tree& wanted, const json::Tree& present) {
    auto patch = json::Tree::object();
    for (const auto& [name, value] : wanted.members()) {
        const auto* held = present.find(name);
        if (held && *held == value) continue;
        const bool are_objects = held && held->is(json::Kind::object) && value.is(json::Kind::object);
        patch.set(name, are_objects ? object_patch(value, *held) : value);
    }
    for (const auto& member : present.members())
        if (!wanted.find(member.name)) patch.set(member.name, json::Tree());
    return patch;
}

bool is_creation(std::string_view action) { return action.ends_with(".created") || action == "member.invited"; }

}  // namespace

Result<Inverse> inverse_of(const json::Tree& entry) {
    const auto action = string_of(entry, "action");
    if (entry.find("before_sha256") || entry.find("after_sha256"))
        return refused("state_not_kept", "the states of this change are too large to be in its entry");
    if (action.ends_with(".restored"))
        return refused("not_revertible", "what was brought back is deleted again by a deletion");
    Inverse made{Inverse::Kind::restore, string_of(entry, "resource"), state_of(entry, "before"),
                 state_of(entry, "after")};
    const bool had_state = made.before.is(json::Kind::object);
    const bool has_state = made.after.is(json::Kind::object);
    if (had_state && has_state && !made.resource.empty()) return made;
    made.kind = Inverse::Kind::remove;
    if (!had_state && has_state && is_creation(action) && !made.resource.empty()) return made;
    if (had_state && !has_state)
        return refused("not_revertible", "what was deleted cannot be brought back: its key is never used again");
    return refused("not_revertible", "an entry '" + action + "' is not a change that can be undone");
}

std::vector<Finding> changed_since(const json::Tree& after, const json::Tree& present) {
    const auto text = body::json_patch(without_derived(after), without_derived(present));
    const auto patch = parse_state(text);
    std::vector<Finding> found;
    for (const auto& operation : patch.elements()) {
        if (found.size() == most_differences) break;
        const auto kind = string_of(operation, "op");
        const std::string verb = kind == "add" ? "was added" : kind == "remove" ? "was removed" : "was changed";
        found.push_back(Finding{"", string_of(operation, "path"), "changed_since", "this " + verb + " since"});
    }
    return found;
}

std::string merge_patch_to(const json::Tree& before, const json::Tree& after) {
    return object_patch(without_derived(before), without_derived(after)).to_text();
}

}  // namespace fanion::cp::audit
