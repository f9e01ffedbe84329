#include "control-plane/roles/role_json.hpp"

#include <string>
#include <string_view>

#include "common/base/text.hpp"

namespace fanion::cp::roles {
namespace {

std::string_view description_of(access::Role role) noexcept {
    switch (role) {
        case access::Role::viewer:
            return "reads everything";
        case access::Role::developer:
            return "creates flags and segments, and changes unprotected environments";
        case access::Role::maintainer:
            return "also changes protected environments, approves and archives";
        case access::Role::admin:
            return "everything but the organisation itself";
        case access::Role::owner:
            return "everything, in every project";
    }
    return "";
}

}  // namespace

ShownRole shown_built_in(access::Role role) {
    ShownRole shown;
    shown.is_built_in = true;
    auto& definition = shown.role.definition;
    definition.key = definition.name = std::string(access::name_of(role));
    definition.description = std::string(description_of(role));
    definition.permissions = access::permissions_of(role);
    return shown;
}

void write_permissions(json::Writer& w, access::Permissions permissions) {
    w.key("permissions").begin_array();
    permissions.for_each([&](access::Permission permission) { w.string(access::name_of(permission)); });
    w.end_array();
}

void write_role(json::Writer& w, const ShownRole& shown) {
    const auto& role = shown.role;
    w.begin_object().member("key", role.definition.key).member("name", role.definition.name);
    w.member("description", role.definition.description);
    write_permissions(w, role.definition.permissions);
    w.member("built_in", shown.is_built_in).member("version", role.version);
    if (!shown.is_built_in) {
        w.member("created_at", format_rfc3339(role.created_at)).member("updated_at", format_rfc3339(role.updated_at));
    }
    w.end_object();
}

void write_assigned(json::Writer& w, const access::AssignedMember& assigned) {
    w.begin_object().key("member").begin_object().member("id", assigned.user_id.str());
    w.member("email", assigned.email).member("name", assigned.name).end_object();
    w.member("role", assigned.role.key).member("created_at", format_rfc3339(assigned.created_at));
    w.member("updated_at", format_rfc3339(assigned.updated_at)).end_object();
}

}  // namespace fanion::cp::roles
