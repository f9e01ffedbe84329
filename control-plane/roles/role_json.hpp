#pragma once

// The admin API's JSON of roles and permissions.

#include "common/json/writer.hpp"
#include "control-plane/access/assignment_store.hpp"
#include "control-plane/access/permission.hpp"
#include "control-plane/access/role_store.hpp"

namespace fanion::cp::roles {

// A role as the API shows it: one of the organisation's own, or a built-in one, which nobody made.
struct ShownRole {
    access::CustomRole role;
    bool is_built_in = false;
};

ShownRole shown_built_in(access::Role role);

// The member `permissions`: an array of names.
void write_permissions(json::Writer& w, access::Permissions permissions);
void write_role(json::Writer& w, const ShownRole& shown);
// {"member","role","created_at","updated_at"}
void write_assigned(json::Writer& w, const access::AssignedMember& assigned);

}  // namespace fanion::cp::roles
