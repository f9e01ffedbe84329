#include "control-plane/projects/organisation_routes.hpp"

#include <algorithm>

#include "common/base/ids.hpp"
#include "common/base/text.hpp"
#include "control-plane/http/edit.hpp"
#include "control-plane/http/lists.hpp"
#include "control-plane/identity/membership_store.hpp"
#include "control-plane/identity/user_store.hpp"
#include "control-plane/projects/deletion.hpp"
#include "control-plane/projects/organisation_store.hpp"
#include "control-plane/projects/project_json.hpp"

namespace fanion::cp::projects {
namespace {

bool owns_any(const std::vector<access::Membership>& orgs) {
    return std::ranges::any_of(
        orgs, [](const auto& org) { return access::is_owner(org.grants.role()) && !org.lacks_second_factor; });
}

boost::asio::awaitable<std::vector<access::Membership>> list_own_orgs(http::Call& call) {
    if (call.principal.is_service()) co_return std::vector<access::Membership>{call.org};
    auto tx = co_await call.services.pool.begin(db::Scope::none(), db::Mode::snapshot);
    auto orgs = co_await identity::orgs_of_user(tx, call.principal.user_id);
    std::erase_if(orgs, [&call](access::Membership& org) { return !call.principal.enters(org); });
    co_return orgs;
}

http::EditResult create_org(http::Edit& edit, NewOrg given) {
    auto& call = edit.call();
    call.org.key = given.key;
    call.org.name = given.settings.name;
    bool is_taken = false;
    try {
        co_await insert_org(edit.tx(), call.org.org_id, given.key, given.settings.name);
    } catch (const db::PgError& error) {
        if (!error.is_unique_violation()) throw;
        is_taken = true;
    }
    if (is_taken) co_return http::conflict("/key", "taken", "there is an organisation with this key, or a deleted one");
    co_await identity::insert_member(edit.tx(), call.org.org_id, call.principal.user_id, call.org.grants.role().key,
                                     call.principal.name);
    const auto org = co_await find_org(edit.tx(), call.org.org_id);
    auto outcome =
        edit.created(audit::Action::org_created, given.key, http::to_text(write_org, *org), http::etag(org->version));
    outcome.audit->resource.clear();  // the organisation whose audit log it is
    co_return outcome;
}

void write_own_org(json::Writer& w, const access::Membership& org) {
    w.begin_object().member("key", org.key).member("name", org.name);
    w.member("role", org.grants.role().key).end_object();
}

// Those that the caller may restore.
boost::asio::awaitable<std::vector<DeletedOrg>> own_deleted_orgs(http::Call& call) {
    if (call.principal.is_service()) co_return std::vector<DeletedOrg>();
    auto tx = co_await call.services.pool.begin(db::Scope::none(), db::Mode::snapshot);
    if (!call.principal.only_org.empty()) co_return std::vector<DeletedOrg>();
    auto orgs = co_await deleted_orgs_of_user(tx, call.principal.user_id);
    const auto since = restorable_since(call);
    std::erase_if(orgs, [&](const DeletedOrg& org) {
        const auto permissions = org.role.permissions & call.principal.limit;
        return org.deleted_at <= since || !permissions.has(access::Permission::manage_organisation);
    });
    co_return orgs;
}

http::Answer list_deleted_orgs(http::Call& call, http::Page page) {
    auto orgs = co_await own_deleted_orgs(call);
    std::erase_if(orgs, [&](const DeletedOrg& org) { return org.key <= page.after; });
    const auto next = http::end_page(orgs, page, [](const DeletedOrg& org) { return org.key; });
    co_return net::json_response(http::list_text(write_deleted_org, orgs, next));
}

// A person's organisations are few: the page is cut from all of them.
http::Answer handle_list_orgs(http::Call& call) {
    const auto page = http::read_page(call);
    if (!page) co_return page.error();
    const auto is_of_deleted = wants_deleted(call);
    if (!is_of_deleted) co_return is_of_deleted.error();
    if (*is_of_deleted) co_return co_await list_deleted_orgs(call, *page);
    auto orgs = co_await list_own_orgs(call);
    std::sort(orgs.begin(), orgs.end(), [](const auto& a, const auto& b) { return a.key < b.key; });
    std::erase_if(orgs, [&](const access::Membership& org) { return org.key <= page->after; });
    const auto next = http::end_page(orgs, *page, [](const access::Membership& org) { return org.key; });
    co_return net::json_response(http::list_text(write_own_org, orgs, next));
}

// Any owner of an organisation may create another: whoever runs the installation decides who owns one.
http::Answer handle_create_org(http::Call& call) {
    const auto orgs = co_await list_own_orgs(call);
    const bool may_own = call.principal.limit.has(access::Permission::manage_organisation);
    if (!may_own || !owns_any(orgs)) co_return http::forbidden(access::Permission::manage_organisation);
    call.org.org_id = access::OrgId(random_id("o_"));  // the scope of the edit's transaction
    call.org.grants = access::Grants(access::built_in(access::Role::owner), {});
    call.permissions = call.permissions_at({}, {});
    co_return co_await http::edit_resource(call, read_new_org, create_org);
}

std::string org_text(const Org& org) { return http::to_text(write_org, org); }

http::Answer handle_get_org(http::Call& call) {
    auto tx = co_await call.services.pool.begin(call.scope(), db::Mode::snapshot);
    const auto org = co_await find_org(tx, call.org.org_id);
    if (!org) co_return http::not_found("organisation", "{org}");
    co_return http::resource_response(call, org_text(*org), http::etag(org->version));
}

// The audit log's entries about an organisation as a whole have no resource.
http::EditOutcome of_whole(http::EditOutcome outcome) {
    if (outcome.audit) outcome.audit->resource.clear();
    return outcome;
}

http::EditResult change_org(http::Edit& edit) {
    auto& call = edit.call();
    auto org = co_await lock_org(edit.tx(), call.org.org_id);
    if (!org) co_return http::not_found("organisation", "{org}");
    const auto present = org_text(*org);
    auto before = edit.match(http::etag(org->version), present);
    if (!before) co_return before.error();
    const bool is_patch = call.request.method == net::Method::patch;
    const auto wanted = changed_org({edit.body(), is_patch, present, org->key});
    if (!wanted) co_return wanted.error();
    if (wanted->name == org->name) co_return edit.unchanged(present, http::etag(org->version));
    org->name = wanted->name;
    org->version += 1;
    org->updated_at = call.now();
    co_await update_org(edit.tx(), *org);
    co_return of_whole(
        edit.changed(audit::Action::org_updated, std::move(*before), org_text(*org), http::etag(org->version)));
}

// PUT and PATCH.
http::Answer handle_change_org(http::Call& call) { return http::edit_resource(call, change_org); }

http::EditResult remove_org(http::Edit& edit) {
    auto& call = edit.call();
    if (auto ok = http::require_throughout(call, access::Permission::manage_organisation); !ok) co_return ok.error();
    const auto org = co_await find_org(edit.tx(), call.org.org_id);
    if (!org) co_return http::not_found("organisation", "{org}");
    if (auto ok = check_confirmation(call, org->key); !ok) co_return ok.error();
    auto before = edit.match(http::etag(org->version), org_text(*org));
    if (!before) co_return before.error();
    const auto contents = co_await contents_of_org(edit.tx(), org->org_id, call.now());
    edit.set_preview({{describe_deletion("organisation", contents)}});
    co_await show_deleted(edit.tx());
    const bool is_deleted = co_await delete_org(edit.tx(), org->org_id, org->version, call.now());
    if (!is_deleted) co_return Error{Errc::conflict, "the organisation has changed meanwhile: try again", {}};
    co_return of_whole(edit.deleted(audit::Action::org_deleted, std::move(*before)));
}

http::Answer handle_delete_org(http::Call& call) { return http::edit_resource(call, remove_org); }

http::EditResult bring_org_back(http::Edit& edit) {
    auto& call = edit.call();
    co_await show_deleted(edit.tx());
    auto org = co_await find_org(edit.tx(), call.org.org_id);
    if (!org) co_return http::not_found("deleted organisation", "{org}");
    auto before = edit.match(http::etag(org->version), org_text(*org));
    if (!before) co_return before.error();
    const bool is_restored = co_await restore_org(edit.tx(), org->org_id, restorable_since(call));
    if (!is_restored) co_return http::not_found("deleted organisation", "{org}");
    org->deleted_at.reset();
    co_return of_whole(
        edit.changed(audit::Action::org_restored, std::move(*before), org_text(*org), http::etag(org->version)));
}

// Nobody is a member of an organisation that is deleted, as far as the gate can tell.
http::Answer handle_restore_org(http::Call& call) {
    const auto body = http::read_body(call);
    if (!body) co_return body.error();
    if (auto ok = read_nothing((*body)->root()); !ok) co_return ok.error();
    auto orgs = co_await own_deleted_orgs(call);
    const auto key = call.param("deleted_org");
    const auto found = std::ranges::find(orgs, key, &DeletedOrg::key);
    if (found == orgs.end()) co_return http::not_found("deleted organisation", "{org}");
    call.org = {found->org_id, found->key, found->name, access::Grants(found->role, {})};
    call.permissions = call.permissions_at({}, {});
    co_return co_await http::edit_resource(call, bring_org_back);
}

using access::Permission;
using net::Method;

constexpr http::Route organisation_table[] = {
    {Method::get, "/api/v1/orgs", Permission::signed_in, handle_list_orgs, "limit cursor deleted",
     http::PatchForms::merge, http::Caller::any, nullptr, http::Account::not_needed},
    {Method::post, "/api/v1/orgs", Permission::signed_in, handle_create_org, "comment", http::PatchForms::merge,
     http::Caller::person},
    {Method::get, "/api/v1/orgs/{org}", Permission::member, handle_get_org},
    {Method::put, "/api/v1/orgs/{org}", Permission::manage_organisation, handle_change_org, "dry_run"},
    {Method::patch, "/api/v1/orgs/{org}", Permission::manage_organisation, handle_change_org, "dry_run"},
    {Method::del, "/api/v1/orgs/{org}", Permission::manage_organisation, handle_delete_org, "confirm dry_run"},
    {Method::post, "/api/v1/orgs/{deleted_org}/restore", Permission::signed_in, handle_restore_org, "comment",
     http::PatchForms::merge, http::Caller::person},
};

}  // namespace

std::span<const http::Route> organisation_routes() noexcept { return organisation_table; }

}  // namespace fanion::cp::projects
