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
    return take(steps, at, "environments", names.environment) &&
           (at == steps.size() || take(steps, at, "keys", names.key) || take(steps, at, "assignments", names.member));
}

bool take_in_project(const Steps& steps, std::size_t& at, ResourceNames& names) {
    if (take(steps, at, "keys", names.key) || take(steps, at, "assignments", names.member)) return true;
    if (take(steps, at, "flags", names.flag) || take(steps, at, "segments", names.segment))
        return at == steps.size() || take(steps, at, "environments", names.environment);
    return take_in_environment(steps, at, names);
}

}  // namespace

std::optional<ResourceNames> parse_resource(std::string_view resource) {
    const auto steps = split(resource, '/');
    ResourceNames names;
    std::size_t at = 0;
    bool is_known = take(steps, at, "members", names.member) || take(steps, at, "keys", names.key) ||
                    take(steps, at, "invitations", names.invitation) || take(steps, at, "roles", names.role);
    if (!is_known && take(steps, at, "projects", names.project))
        is_known = at == steps.size() || take_in_project(steps, at, names);
    if (!is_known || at != steps.size()) return std::nullopt;
    return names;
}

}  // namespace fanion::cp::audit
