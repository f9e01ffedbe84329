#include "control-plane/audit/resource.hpp"

#include <vector>

#include "common/base/text.hpp"

namespace fanion::cp::audit {
namespace {

using Steps = std::vector<std::string_view>;

// Takes "<collection>[/<name>]" at `at`. False if it is another collection, or an empty name.
bool take(const Steps& steps, std::size_t& at, std::string_view collection, std::string& name) {
    if (at >= steps.size() || steps[at] != collection) return false;
    if (++at == steps.size()) return true;
    if (steps[at].empty()) return false;
    name = steps[at++];
    return true;
}

bool take_in_environment(const Steps& steps, std::size_t& at, ResourceNames& names) {
    if (!take(steps, at, "environments", names.environment)) return false;
    if (at == steps.size() || take(steps, at, "keys", names.key) || take(steps, at, "assignments", names.member) ||
        take(steps, at, "rollouts", names.rollout))
        return true;
    std::string id;  // these are never deleted but with their environment
    return take(steps, at, "requests", id) || take(steps, at, "schedules", id) || take(steps, at, "approvals", id);
}

bool take_in_project(const Steps& steps, std::size_t& at, ResourceNames& names) {
    if (take(steps, at, "keys", names.key) || take(steps, at, "assignments", names.member)) return true;
    if (take(steps, at, "flags", names.flag) || take(steps, at, "segments", names.segment))
        return at == steps.size() || take(steps, at, "environments", names.environment);
    std::string id;  // entries of those that are deleted are still found by it
    if (take(steps, at, "views", id) || take(steps, at, "contexts", id) || take(steps, at, "rollout-policies", id))
        return true;
    return take_in_environment(steps, at, names);
}

// A person's tokens are not the organisation's: their ids name nothing in it.
bool take_member(const Steps& steps, std::size_t& at, ResourceNames& names) {
    if (!take(steps, at, "members", names.member)) return false;
    std::string token;
    if (at < steps.size()) take(steps, at, "tokens", token);
    return at == steps.size();
}

}  // namespace

std::optional<ResourceNames> parse_resource(std::string_view resource) {
    const auto steps = split(resource, '/');
    ResourceNames names;
    std::size_t at = 0;
    if (!steps.empty() && steps[0] == "members") {
        if (!take_member(steps, at, names)) return std::nullopt;
        return names;
    }
    bool is_known = take(steps, at, "keys", names.key) || take(steps, at, "invitations", names.invitation) ||
                    take(steps, at, "tokens", names.token) || take(steps, at, "webhooks", names.webhook) ||
                    take(steps, at, "roles", names.role) || take(steps, at, "prometheus", names.source);
    std::string setting;
    if (!is_known && take(steps, at, "audit", setting)) is_known = setting.empty() || setting == "settings";
    std::string id;  // of what a directory tells of
    if (!is_known) is_known = take(steps, at, "groups", id) || take(steps, at, "scim-users", id);
    if (!is_known && take(steps, at, "group-roles", id)) is_known = id.empty();
    if (!is_known && take(steps, at, "projects", names.project))
        is_known = at == steps.size() || take_in_project(steps, at, names);
    if (!is_known || at != steps.size()) return std::nullopt;
    return names;
}

ResourcePlace place_of(std::string_view resource) {
    const auto steps = split(resource, '/');
    ResourcePlace place;
    if (steps.size() < 2 || steps[0] != "projects") return place;
    place.project = steps[1];
    for (const std::size_t at : {2u, 4u}) {  // of the project, or of a flag or segment in it
        if (at + 1 >= steps.size() || steps[at] != "environments") continue;
        place.environment = steps[at + 1];
        break;
    }
    return place;
}

}  // namespace fanion::cp::audit
