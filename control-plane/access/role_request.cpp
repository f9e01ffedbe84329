#include "control-plane/access/role_request.hpp"

#include "common/base/text.hpp"
#include "control-plane/access/access.hpp"
#include "control-plane/body/fields.hpp"
#include "control-plane/body/merge_patch.hpp"

namespace fanion::cp::access {
namespace {

constexpr std::size_t role_name_bytes = 200;
constexpr std::size_t role_description_bytes = 2000;

Permissions read_permissions(json::Reader& r, std::vector<Finding>& findings) {
    Permissions found;
    const auto names = r.strings("permissions");
    if (names.size() > Permissions::all().size()) {
        r.fail_at("permissions", "too_many",
                  "a role lists each of its permissions once; there are " + std::to_string(Permissions::all().size()));
        return found;
    }
    for (std::size_t i = 0; i < names.size(); ++i) {
        const auto pointer = "/permissions/" + std::to_string(i);
        const auto permission = parse_permission(names[i]);
        if (!permission) {
            findings.push_back({"", pointer, "unknown_permission", "there is no permission '" + names[i] + "'"});
        } else if (found.has(*permission)) {
            findings.push_back({"", pointer, "duplicate", "'" + names[i] + "' is given more than once"});
        } else {
            found = found | Permissions{*permission};
        }
    }
    if (lacks_read(found)) {
        r.fail_at("permissions", "read_missing",
                  "whoever changes or approves something is shown it: add `read`, or leave out edit, edit_protected, "
                  "archive, delete, approve and bypass_approval");
    }
    return found;
}

void read_editable(json::Reader& r, std::vector<Finding>& findings, RoleDefinition& role) {
    role.name = body::read_text(r, "name", role_name_bytes, role.key);
    role.description = body::read_text(r, "description", role_description_bytes);
    role.permissions = read_permissions(r, findings);
}

// Derived members must be those of `held` if there is one, else they are ignored.
Result<RoleDefinition> edited(const RoleDefinition& present, json::Value body, const json::Tree* held) {
    return body::read_object(body, [&](json::Reader& r, std::vector<Finding>& findings) {
        auto role = present;
        read_editable(r, findings, role);
        body::check_unchanged(r, json::Tree::object().set("key", json::Tree::string(present.key)), {"key"},
                              "immutable");
        if (held == nullptr) {
            body::ignore_members(r, {"built_in", "version", "created_at", "updated_at"});
        } else {
            body::check_unchanged(r, *held, {"built_in", "version", "created_at", "updated_at"}, "read_only");
        }
        return role;
    });
}

}  // namespace

Result<RoleDefinition> create_role(json::Value body) {
    return body::read_object(body, [](json::Reader& r, std::vector<Finding>& findings) {
        RoleDefinition role;
        role.key = body::read_key(r, "key");
        read_editable(r, findings, role);
        return role;
    });
}

Result<RoleDefinition> replace_role(const RoleDefinition& present, json::Value body) {
    return edited(present, body, nullptr);
}

Result<RoleDefinition> patch_role(const RoleDefinition& present, std::string_view present_json, json::Value patch) {
    const auto held = json::Tree::parse(present_json);
    if (!held) return held.error();
    const auto body = body::merged(present_json, patch);
    if (!body) return body.error();
    const auto document = json::to_document(*body, body::composed_limits());
    if (!document) return document.error();
    return edited(present, document.value().root(), &*held);
}

std::string read_role_key(json::Reader& r) {
    const std::string key(r.string("role"));
    if (!is_valid_key(key) && body::has_string(r, "role")) {
        r.fail_at("role", "unknown_role",
                  "the role must be viewer, developer, maintainer, admin, owner or the key of "
                  "a role of the organisation");
    }
    return key;
}

Error unknown_role(std::string_view key) {
    auto detail = "the organisation has no role '" + std::string(key) + "'";
    return {Errc::invalid_input, detail, {{"", "/role", "unknown_role", detail}}};
}

}  // namespace fanion::cp::access
