#include "control-plane/access/grants.hpp"

#include <algorithm>
#include <utility>

#include "common/base/text.hpp"

namespace fanion::cp::access {

bool Selection::has(std::string_view key) const noexcept {
    return is_all == (std::find(except.begin(), except.end(), key) == except.end());
}

// What an owner was assigned before has no effect.
Grants::Grants(NamedRole role, std::vector<Assignment> assignments) : role_(std::move(role)) {
    if (!is_owner(role_)) assignments_ = std::move(assignments);
}

const Assignment* Grants::find(std::string_view project, std::string_view environment) const noexcept {
    for (const auto& assignment : assignments_) {
        if (assignment.project == project && assignment.environment == environment) return &assignment;
    }
    return nullptr;
}

const NamedRole& Grants::role_at(std::string_view project, std::string_view environment) const noexcept {
    const Assignment* nearest = nullptr;
    if (!environment.empty()) nearest = find(project, environment);
    if (nearest == nullptr && !project.empty()) nearest = find(project, {});
    return nearest != nullptr ? nearest->role : role_;
}

Permissions Grants::at(std::string_view project, std::string_view environment) const noexcept {
    auto held = role_at(project, environment).permissions;
    if (!environment.empty() || held.has(Permission::read)) return held;
    for (const auto& assignment : assignments_) {
        const bool is_inside = assignment.project == project && !assignment.environment.empty();
        if (is_inside && assignment.role.permissions.has(Permission::read)) return held | Permissions{Permission::read};
    }
    return held;
}

Permissions Grants::throughout(std::string_view project, std::string_view environment) const noexcept {
    auto held = role_at(project, environment).permissions;
    if (!environment.empty()) return held;
    for (const auto& assignment : assignments_) {
        if (project.empty() || assignment.project == project) held = held & assignment.role.permissions;
    }
    return held;
}

Selection Grants::readable_projects() const {
    Selection found;
    found.is_all = role_.permissions.has(Permission::read);
    for (const auto& assignment : assignments_) {
        const bool is_readable = at(assignment.project).has(Permission::read);
        if (is_readable != found.is_all && found.has(assignment.project) == found.is_all) {
            found.except.push_back(assignment.project);
        }
    }
    return found;
}

bool Grants::may_read_resource(std::string_view resource) const {
    if (may_read_all()) return true;
    const auto steps = split(resource, '/');
    if (steps.size() < 2 || steps[0] != "projects") return role_.permissions.has(Permission::read);
    std::string_view environment;
    for (const std::size_t i : {2U, 4U}) {
        if (steps.size() > i + 1 && steps[i] == "environments") environment = steps[i + 1];
    }
    return at(steps[1], environment).has(Permission::read);
}

}  // namespace fanion::cp::access
