#include "control-plane/roles/role_routes.hpp"

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "control-plane/http/edit.hpp"
#include "control-plane/http/lists.hpp"
#include "control-plane/projects/deletion_store.hpp"
#include "control-plane/roles/role_json.hpp"

namespace fanion::cp::roles {
namespace {

using boost::asio::awaitable;

constexpr std::size_t most_roles = 200;       // of an organisation
constexpr std::size_t most_uses_listed = 20;  // of a role that cannot be deleted
constexpr access::Role built_in_roles[] = {access::Role::viewer, access::Role::developer, access::Role::maintainer,
                                           access::Role::admin, access::Role::owner};

std::string role_text(const ShownRole& shown) { return http::to_text(write_role, shown); }

Error built_in_role(const std::string& key) {
    return http::conflict("", "built_in", "'" + key + "' is a built-in role, which cannot be changed: create another");
}

Error lacked(access::Permissions wanted, access::Permissions held) {
    std::string names;
    (wanted - held).for_each([&](access::Permission permission) {
        names += (names.empty() ? "" : ", ") + std::string(access::name_of(permission));
    });
    return {Errc::forbidden, "this role has permissions that you lack: " + names, {}};
}

// Nobody makes, changes or deletes a role with a permission that they lack.
Result<> require_all(const http::Call& call, access::Permissions wanted) {
    if (!call.permissions.contains(wanted)) return lacked(wanted, call.permissions);
    return boost::system::in_place_value;
}

// Whoever changes or deletes a role could give it wherever somebody has it.
awaitable<Result<>> require_where_used(http::Edit& edit, std::string key, access::Permissions wanted) {
    const auto& call = edit.call();
    if (auto ok = require_all(call, wanted); !ok) co_return ok.error();
    const auto places = co_await access::places_of_role(edit.tx(), call.org.org_id, std::move(key), call.now());
    const auto is_beyond = [&](const access::RolePlace& place) {
        return !call.has_throughout(place.project, place.environment, wanted);
    };
    if (std::ranges::any_of(places, is_beyond)) {
        co_return Error{Errc::forbidden, "somebody has this role where you lack one of its permissions", {}};
    }
    co_return boost::system::in_place_value;
}

// Built-in roles stand among the others in the order of their keys.
http::Answer handle_list_roles(http::Call& call) {
    const auto page = http::read_page(call);
    if (!page) co_return page.error();
    auto tx = co_await call.services.pool.begin(call.scope(), db::Mode::snapshot);
    auto custom = co_await access::list_roles(tx, call.org.org_id, page->after, page->limit + 1);
    std::vector<ShownRole> found;
    for (auto& role : custom) found.push_back({std::move(role), false});
    for (const auto role : built_in_roles) {
        if (access::name_of(role) > page->after) found.push_back(shown_built_in(role));
    }
    std::ranges::sort(found, {}, [](const ShownRole& shown) { return shown.role.definition.key; });
    const auto next = http::end_page(found, *page, [](const ShownRole& shown) { return shown.role.definition.key; });
    co_return net::json_response(http::list_text(write_role, found, next));
}

http::Answer handle_get_role(http::Call& call) {
    if (const auto role = access::parse_role(call.param("role"))) {
        const auto shown = shown_built_in(*role);
        co_return http::resource_response(call, role_text(shown), http::etag(shown.role.version));
    }
    auto tx = co_await call.services.pool.begin(call.scope(), db::Mode::snapshot);
    auto role = co_await access::find_role(tx, call.org.org_id, call.param("role"));
    if (!role) co_return http::not_found("role", "{role}");
    const auto tag = http::etag(role->version);
    co_return http::resource_response(call, role_text({std::move(*role), false}), tag);
}

http::EditResult add_role(http::Edit& edit, access::RoleDefinition definition) {
    auto& call = edit.call();
    if (auto ok = require_all(call, definition.permissions); !ok) co_return ok.error();
    const auto key = definition.key;
    const auto taken = http::conflict("/key", "taken", "there is a role with this key");
    if (access::parse_role(key)) co_return taken;
    const auto present = co_await access::count_roles(edit.tx(), call.org.org_id);
    if (present >= most_roles) co_return http::conflict("", "limit", "an organisation has at most 200 roles");
    auto role = co_await access::insert_role(edit.tx(), call.org.org_id, std::move(definition), call.now());
    if (!role) co_return taken;
    const auto tag = http::etag(role->version);
    co_return edit.created(audit::Action::role_created, key, role_text({std::move(*role), false}), tag);
}

http::Answer handle_create_role(http::Call& call) { return http::edit_resource(call, access::create_role, add_role); }

http::EditResult edit_role(http::Edit& edit) {
    auto& call = edit.call();
    const auto key = call.param("role");
    if (access::parse_role(key)) co_return built_in_role(key);
    auto role = co_await access::lock_role(edit.tx(), call.org.org_id, key);
    if (!role) co_return http::not_found("role", "{role}");
    auto before = edit.match(http::etag(role->version), role_text({*role, false}));
    if (!before) co_return before.error();
    auto after = call.request.method == net::Method::patch
                     ? access::patch_role(role->definition, before->text(), edit.body())
                     : access::replace_role(role->definition, edit.body());
    if (!after) co_return after.error();
    const auto concerned = role->definition.permissions | after->permissions;
    if (auto ok = co_await require_where_used(edit, key, concerned); !ok) co_return ok.error();
    if (*after == role->definition) co_return edit.unchanged(before->text(), http::etag(role->version));
    role->definition = std::move(*after);
    role->version += 1;
    role->updated_at = call.now();
    co_await access::update_role(edit.tx(), *role);
    const auto tag = http::etag(role->version);
    co_return edit.changed(audit::Action::role_updated, std::move(*before), role_text({std::move(*role), false}), tag);
}

// PUT and PATCH.
http::Answer handle_change_role(http::Call& call) { return http::edit_resource(call, edit_role); }

// 409 with who has the role.
Error in_use(const std::vector<access::RoleUse>& uses) {
    Error error{Errc::conflict, "the role is in use: give those who have it another one first", {}};
    for (const auto& use : uses) {
        auto detail = use.is_invitation ? use.email + " is invited with this role" : use.email + " has this role";
        if (!use.place.empty()) detail += " in " + use.place;
        error.findings.push_back({"", "", "in_use", std::move(detail)});
    }
    if (uses.size() == most_uses_listed) error.detail += "; errors names the first of them";
    return error;
}

http::EditResult remove_role(http::Edit& edit) {
    auto& call = edit.call();
    const auto key = call.param("role");
    if (access::parse_role(key)) co_return built_in_role(key);
    auto role = co_await access::lock_role(edit.tx(), call.org.org_id, key);
    if (!role) co_return http::not_found("role", "{role}");
    auto before = edit.match(http::etag(role->version), role_text({*role, false}));
    if (!before) co_return before.error();
    if (auto ok = co_await require_where_used(edit, key, role->definition.permissions); !ok) co_return ok.error();
    co_await projects::show_deleted(edit.tx());  // a deleted project may be restored with its roles
    const auto uses = co_await access::uses_of_role(edit.tx(), call.org.org_id, key, call.now(), most_uses_listed);
    if (!uses.empty()) co_return in_use(uses);
    co_await access::delete_role(edit.tx(), role->role_id);
    co_return edit.deleted(audit::Action::role_deleted, std::move(*before));
}

http::Answer handle_delete_role(http::Call& call) { return http::edit_resource(call, remove_role); }

using access::Permission;
using net::Method;

constexpr http::Route role_table[] = {
    {Method::get, "/api/v1/orgs/{org}/roles", Permission::read, handle_list_roles, "limit cursor"},
    {Method::post, "/api/v1/orgs/{org}/roles", Permission::manage_roles, handle_create_role},
    {Method::get, "/api/v1/orgs/{org}/roles/{role}", Permission::read, handle_get_role},
    {Method::put, "/api/v1/orgs/{org}/roles/{role}", Permission::manage_roles, handle_change_role},
    {Method::patch, "/api/v1/orgs/{org}/roles/{role}", Permission::manage_roles, handle_change_role},
    {Method::del, "/api/v1/orgs/{org}/roles/{role}", Permission::manage_roles, handle_delete_role},
};

}  // namespace

std::span<const http::Route> role_routes() noexcept { return role_table; }

}  // namespace fanion::cp::roles
