#include "control-plane/projects/organisation_routes.hpp"

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

struct Named {
    std::string key;
    std::string name;
};

Result<Named> read_named(http::Call& call) {
    auto body = http::read_body(call);
    if (!body) return body.error();
    std::vector<Finding> findings;
    json::Reader r((*body)->root(), findings);
    Named named;
    named.key = body::read_key(r, "key");
    named.name = body::read_text(r, "name", 200, named.key);
    r.finish(json::UnknownFields::refuse);
    if (auto ok = body::error_if_any(std::move(findings)); !ok) return ok.error();
    return named;
}

bool owns_any(const std::vector<access::Membership>& orgs) {
    for (const auto& org : orgs) {
        if (org.role == access::Role::owner) return true;
    }
    return false;
}

boost::asio::awaitable<std::vector<access::Membership>> list_own_orgs(http::Call& call) {
    auto tx = co_await call.services.pool.begin(db::Scope::none(), db::Mode::snapshot);
    co_return co_await identity::orgs_of_user(tx, call.principal.user_id.str());
}

boost::asio::awaitable<Result<std::string>> found_org(http::Call& call, Named named) {
    const access::OrgId org_id(random_id("o_"));
    call.org = {org_id, named.key, named.name, access::Role::owner};
    auto change = co_await http::Edit::begin(call);
    bool is_taken = false;
    try {
        co_await insert_org(change.tx(), org_id, named.key, named.name);
    } catch (const db::PgError& error) {
        if (!error.is_unique_violation()) throw;
        is_taken = true;
    }
    if (is_taken) co_return http::conflict("/key", "taken", "there is an organisation with this key");
    co_await identity::put_membership(change.tx(), org_id.str(), call.principal.user_id.str(), access::Role::owner);
    const auto org = co_await find_org(change.tx(), org_id);
    auto body = http::to_text(write_org, *org);
    change.set_audit_entry(audit::Action::org_created, "", std::nullopt, body);
    co_await change.commit();
    co_return body;
}

http::Answer handle_list_orgs(http::Call& call) {
    const auto orgs = co_await list_own_orgs(call);
    std::string body;
    json::Writer w(body);
    w.begin_object().key("items").begin_array();
    for (const auto& org : orgs) {
        w.begin_object().member("key", org.key).member("name", org.name);
        w.member("role", access::name_of(org.role)).end_object();
    }
    w.end_array().key("next").null().end_object();
    co_return net::json_response(std::move(body));
}

// Any owner of an organisation may found another: whoever runs the installation decides who is one.
http::Answer handle_create_org(http::Call& call) {
    auto named = read_named(call);
    if (!named) co_return named.error();
    const auto orgs = co_await list_own_orgs(call);
    if (!owns_any(orgs)) co_return http::forbidden(access::Permission::own);
    auto body = co_await found_org(call, std::move(*named));
    if (!body) co_return body.error();
    auto response = net::json_response(std::move(*body), 201);
    response.set("Location", "/api/v1/orgs/" + call.org.key);
    response.set("ETag", http::etag(1));
    co_return response;
}

http::Answer handle_get_org(http::Call& call) {
    auto tx = co_await call.services.pool.begin(call.scope(), db::Mode::snapshot);
    const auto org = co_await find_org(tx, call.org.org_id);
    if (!org) co_return http::not_found("organisation");
    co_return http::resource_response(call, http::to_text(write_org, *org), http::etag(org->version));
}

using access::Permission;
using net::Method;

constexpr http::Route table[] = {
    {Method::get, "/api/v1/orgs", Permission::signed_in, handle_list_orgs},
    {Method::post, "/api/v1/orgs", Permission::signed_in, handle_create_org},
    {Method::get, "/api/v1/orgs/{org}", Permission::read, handle_get_org},
};

}  // namespace

std::span<const http::Route> organisation_routes() noexcept { return table; }

}  // namespace fanion::cp::projects
