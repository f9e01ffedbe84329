// Organisations and their audit log.

#include "common/base/ids.hpp"
#include "common/base/text.hpp"
#include "common/json/reader.hpp"
#include "control-plane/api/change.hpp"
#include "control-plane/api/handlers.hpp"
#include "control-plane/api/views.hpp"
#include "control-plane/domain/fields.hpp"
#include "control-plane/store/audit.hpp"
#include "control-plane/store/users.hpp"

namespace fanion::api {
namespace {

struct Named {
    std::string key;
    std::string name;
};

Result<Named> read_named(Call& call) {
    auto body = read_body(call);
    if (!body) return body.error();
    std::vector<Finding> findings;
    json::Reader r((*body)->root(), findings);
    Named named;
    named.key = domain::read_key(r, "key");
    named.name = domain::read_text(r, "name", 200, named.key);
    r.finish(json::UnknownFields::refuse);
    if (auto ok = domain::outcome(std::move(findings)); !ok) return ok.error();
    return named;
}

bool owns_any(const std::vector<store::Membership>& orgs) {
    for (const auto& org : orgs) {
        if (org.role == domain::Role::owner) return true;
    }
    return false;
}

boost::asio::awaitable<std::vector<store::Membership>> my_orgs(Call& call) {
    auto tx = co_await call.services.pool.begin(pg::Scope::none(), pg::Mode::snapshot);
    co_return co_await store::orgs_of_user(tx, call.principal.user_id);
}

boost::asio::awaitable<Result<std::string>> insert_org(Call& call, Named named) {
    const auto org_id = random_id("o_");
    call.org = {org_id, named.key, named.name, domain::Role::owner};
    auto change = co_await Change::begin(call);
    bool is_taken = false;
    try {
        co_await store::insert_org(change.tx(), org_id, named.key, named.name);
    } catch (const pg::PgError& error) {
        if (!error.is_unique_violation()) throw;
        is_taken = true;
    }
    if (is_taken) co_return conflict("/key", "taken", "there is an organisation with this key");
    co_await store::put_membership(change.tx(), org_id, call.principal.user_id, domain::Role::owner);
    const auto org = co_await store::find_org(change.tx(), org_id);
    auto body = to_text(write_org, *org);
    change.describe("org.created", "", std::nullopt, body);
    co_await change.commit();
    co_return body;
}

void write_link(json::Writer& w, const domain::ChainLink& link) {
    w.begin_object().member("seq", link.seq).key("entry").raw(link.canonical);
    w.member("canonical", link.canonical).member("previous", to_hex(link.previous)).member("hash", to_hex(link.hash));
    w.end_object();
}

Result<store::AuditPage> read_audit_page(Call& call) {
    store::AuditPage found;
    auto page = read_page(call);
    if (!page) return page.error();
    found.limit = page->limit;
    if (!page->after.empty()) {
        found.before = parse_u64(page->after);
        if (!found.before || *found.before > INT64_MAX) {
            return Error{
                Errc::invalid_input, "cursor is not one this API gave out", {{"", "?cursor", "bad_cursor", ""}}};
        }
    }
    found.resource = query(call, "resource").value_or("");
    return found;
}

}  // namespace

Answer handle_list_orgs(Call& call) {
    const auto orgs = co_await my_orgs(call);
    std::string body;
    json::Writer w(body);
    w.begin_object().key("items").begin_array();
    for (const auto& org : orgs) {
        w.begin_object().member("key", org.key).member("name", org.name);
        w.member("role", domain::name_of(org.role)).end_object();
    }
    w.end_array().key("next").null().end_object();
    co_return net::json_response(std::move(body));
}

// Any owner of an organisation may found another: whoever runs the installation decides who is one.
Answer handle_create_org(Call& call) {
    auto named = read_named(call);
    if (!named) co_return problem(call, named.error());
    const auto orgs = co_await my_orgs(call);
    if (!owns_any(orgs)) co_return problem(call, forbidden(domain::Permission::own));
    auto body = co_await insert_org(call, std::move(*named));
    if (!body) co_return problem(call, body.error());
    auto response = net::json_response(std::move(*body), 201);
    response.set("Location", "/api/v1/orgs/" + call.org.key);
    response.set("ETag", etag(1));
    co_return response;
}

Answer handle_get_org(Call& call) {
    auto tx = co_await call.services.pool.begin(call.scope(), pg::Mode::snapshot);
    const auto org = co_await store::find_org(tx, call.org.org_id);
    if (!org) co_return problem(call, not_found("organisation"));
    co_return resource_response(call, to_text(write_org, *org), etag(org->version));
}

Answer handle_list_audit(Call& call) {
    auto page = read_audit_page(call);
    if (!page) co_return problem(call, page.error());
    auto tx = co_await call.services.pool.begin(call.scope(), pg::Mode::snapshot);
    auto links = co_await store::list_audit(tx, call.org.org_id, *page);
    const bool has_more = links.size() > page->limit;
    if (has_more) links.resize(page->limit);
    std::string body;
    json::Writer w(body);
    w.begin_object().key("items").begin_array();
    for (const auto& link : links) write_link(w, link);
    w.end_array().key("next");
    if (has_more) {
        w.string(cursor_after(std::to_string(links.back().seq)));
    } else {
        w.null();
    }
    w.end_object();
    co_return net::json_response(std::move(body));
}

}  // namespace fanion::api
