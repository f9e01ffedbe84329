#pragma once

// The bodies that create and change an organisation's own roles. Pure.

#include <string>
#include <string_view>

#include "common/base/error.hpp"
#include "common/json/reader.hpp"
#include "control-plane/access/permission.hpp"

namespace fanion::cp::access {

struct RoleDefinition {
    std::string key;  // fixed
    std::string name;
    std::string description;
    Permissions permissions;
    friend bool operator==(const RoleDefinition&, const RoleDefinition&) = default;
};

// Errors of all three: invalid_input with a finding for each mistake, among them bad_key,
// unknown_permission and duplicate.
Result<RoleDefinition> create_role(json::Value body);
// PUT: members that are not given get their defaults.
Result<RoleDefinition> replace_role(const RoleDefinition& present, json::Value body);
// PATCH: a JSON Merge Patch of `present_json`, the response to GET.
Result<RoleDefinition> patch_role(const RoleDefinition& present, std::string_view present_json, json::Value patch);

// The required member `role` of a body: a role's key. Finding: unknown_role, when no role can have
// it.
std::string read_role_key(json::Reader& r);
// For a key that no role of the organisation has.
Error unknown_role(std::string_view key);

}  // namespace fanion::cp::access
