#include "control-plane/projects/organisation_routes.hpp"

#include <algorithm>

#include "common/base/ids.hpp"
#include "common/base/text.hpp"
#include "common/json/reader.hpp"
#include "control-plane/body/fields.hpp"
#include "control-plane/http/edit.hpp"
#include "control-plane/http/lists.hpp"
#include "control-plane/identity/membership_store.hpp"
#include "control-plane/identity/user_store.hpp"
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
    co_return co_await identity::orgs_of_user(tx, call.principal.user_id);
}

http::EditResult create_org(http::Edit& edit, Named named) {
    auto& call = edit.call();
    call.org.key = named.key;
    call.org.name = named.name;
    bool is_taken = false;
    try {
        co_await insert_org(edit.tx(), call.org.org_id, named.key, named.name);
    } catch (const db::PgError& error) {
        if (!error.is_unique_violation()) throw;
        is_taken = true;
    }
    if (is_taken) co_return http::conflict("/key", "taken", "there is an organisation with this key");
    co_await identity::insert_member(edit.tx(), call.org.org_id, call.principal.user_id, call.org.grants.role().key,
                                     call.principal.name);
    const auto org = co_await find_org(edit.tx(), call.org.org_id);
    auto outcome =
        edit.created(audit::Action::org_created, named.key, http::to_text(write_org, *org), http::etag(org->version));
    outcome.audit->resource.clear();  // the organisation whose audit log it is
    co_return outcome;
}

void write_own_org(json::Writer& w, const access::Membership& org) {
    w.begin_object().member("key", org.key).member("name", org.name);
    w.member("role", org.grants.role().key).end_object();
}

// A person's organisations are few: the page is cut from all of them.
http::Answer handle_list_orgs(http::Call& call) {
    const auto page = http::read_page(call);
    if (!page) co_return page.error();
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
    co_return co_await http::edit_resource(call, read_named, create_org);
}

http::Answer handle_get_org(http::Call& call) {
    auto tx = co_await call.services.pool.begin(call.scope(), db::Mode::snapshot);
    const auto org = co_await find_org(tx, call.org.org_id);
    if (!org) co_return http::not_found("organisation");
    co_return http::resource_response(call, http::to_text(write_org, *org), http::etag(org->version));
}

using access::Permission;
using net::Method;

constexpr http::Route organisation_table[] = {
    {Method::get, "/api/v1/orgs", Permission::signed_in, handle_list_orgs, "limit cursor"},
    {Method::post, "/api/v1/orgs", Permission::signed_in, handle_create_org, "comment", http::PatchForms::merge,
     http::Caller::person},
    {Method::get, "/api/v1/orgs/{org}", Permission::member, handle_get_org},
};

}  // namespace

std::span<const http::Route> organisation_routes() noexcept { return organisation_table; }

}  // namespace fanion::cp::projects
