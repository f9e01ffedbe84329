// Who belongs to an organisation.

#include "common/base/text.hpp"
#include "common/json/reader.hpp"
#include "control-plane/api/change.hpp"
#include "control-plane/api/handlers.hpp"
#include "control-plane/api/invitation.hpp"
#include "control-plane/api/views.hpp"
#include "control-plane/domain/fields.hpp"
#include "control-plane/store/users.hpp"

namespace fanion::api {
namespace {

using boost::asio::awaitable;

void write_member(json::Writer& w, const store::Member& member) {
    w.begin_object().member("id", member.user_id).member("email", member.email).member("name", member.name);
    w.member("role", domain::name_of(member.role)).member("since", format_rfc3339(member.since)).end_object();
}

domain::Role read_role(json::Reader& r) {
    const auto role = domain::parse_role(r.string("role"));
    if (!role && domain::has_string(r, "role")) {
        r.fail_at("role", "unknown_role", "roles are viewer, developer, maintainer, admin, owner");
    }
    return role.value_or(domain::Role::viewer);
}

struct NewMember {
    std::string email;
    std::string name;
    domain::Role role = domain::Role::viewer;
};

Result<NewMember> read_new_member(Call& call) {
    auto body = read_body(call);
    if (!body) return body.error();
    std::vector<Finding> findings;
    json::Reader r((*body)->root(), findings);
    NewMember member{r.string("email"), domain::read_text(r, "name", 200), read_role(r)};
    if (domain::has_string(r, "email") && !is_email(member.email)) {
        r.fail_at("email", "bad_email", "this is no e-mail address");
    }
    r.finish(json::UnknownFields::refuse);
    if (auto ok = domain::outcome(std::move(findings)); !ok) return ok.error();
    return member;
}

Result<domain::Role> read_new_role(Call& call) {
    auto body = read_body(call);
    if (!body) return body.error();
    std::vector<Finding> findings;
    json::Reader r((*body)->root(), findings);
    const auto role = read_role(r);
    r.finish(json::UnknownFields::refuse);
    if (auto ok = domain::outcome(std::move(findings)); !ok) return ok.error();
    return role;
}

Error above_you() { return {Errc::forbidden, "you cannot give, change or take away a role above your own", {}}; }

// The member of the path, to be changed by someone who may; an organisation keeps at least one owner.
awaitable<Result<store::Member>> changeable_member(Call& call, pg::Transaction& tx, bool stays_owner) {
    const auto owners = co_await store::lock_owners(tx, call.org.org_id);
    auto member = co_await store::lock_member(tx, call.org.org_id, call.param("member"));
    if (!member) co_return not_found("member");
    if (!domain::may_assign(call.org.role, member->role)) co_return above_you();
    if (member->role == domain::Role::owner && !stays_owner && owners == 1) {
        co_return conflict("", "last_owner", "an organisation keeps at least one owner");
    }
    co_return std::move(*member);
}

}  // namespace

Answer handle_list_members(Call& call) {
    auto tx = co_await call.services.pool.begin(call.scope(), pg::Mode::snapshot);
    const auto members = co_await store::list_members(tx, call.org.org_id);
    co_return net::json_response(list_text(write_member, members));
}

Answer handle_invite_member(Call& call) {
    auto given = read_new_member(call);
    if (!given) co_return problem(call, given.error());
    if (!domain::may_assign(call.org.role, given->role)) co_return problem(call, above_you());
    auto change = co_await Change::begin(call);
    const auto now = call.now();
    const auto token = co_await invite(change.tx(), call.org.org_id, given->email, given->name, given->role, now);
    std::string entry;
    json::Writer audited(entry);
    audited.begin_object().member("email", given->email).member("role", domain::name_of(given->role)).end_object();
    change.describe("member.invited", "members", std::nullopt, std::move(entry));
    co_await change.commit();
    std::string body;
    json::Writer w(body);
    w.begin_object().member("email", given->email).member("role", domain::name_of(given->role));
    w.member("setup_token", token).member("expires_at", format_rfc3339(now + invitation_lifetime)).end_object();
    co_return net::json_response(std::move(body), 201);
}

Answer handle_get_member(Call& call) {
    auto tx = co_await call.services.pool.begin(call.scope(), pg::Mode::snapshot);
    const auto member = co_await store::find_member(tx, call.org.org_id, call.param("member"));
    if (!member) co_return problem(call, not_found("member"));
    auto body = to_text(write_member, *member);
    auto tag = content_etag(body);
    co_return resource_response(call, std::move(body), std::move(tag));
}

Answer handle_change_member(Call& call) {
    auto role = read_new_role(call);
    if (!role) co_return problem(call, role.error());
    if (!domain::may_assign(call.org.role, *role)) co_return problem(call, above_you());
    auto change = co_await Change::begin(call);
    auto member = co_await changeable_member(call, change.tx(), *role == domain::Role::owner);
    if (!member) co_return problem(call, member.error());
    const auto before = to_text(write_member, *member);
    if (auto failed = failed_precondition(call, content_etag(before), before, false)) co_return std::move(*failed);
    const bool is_same = member->role == *role;
    member->role = *role;
    auto body = to_text(write_member, *member);
    if (!is_same) {
        co_await store::put_membership(change.tx(), call.org.org_id, member->user_id, *role);
        change.describe("member.updated", resource_of(call), before, body);
        co_await change.commit();
    }
    auto tag = content_etag(body);
    co_return resource_response(call, std::move(body), std::move(tag));
}

Answer handle_remove_member(Call& call) {
    auto change = co_await Change::begin(call);
    auto member = co_await changeable_member(call, change.tx(), false);
    if (!member) co_return problem(call, member.error());
    const auto before = to_text(write_member, *member);
    if (auto failed = failed_precondition(call, content_etag(before), before, false)) co_return std::move(*failed);
    co_await store::remove_membership(change.tx(), call.org.org_id, member->user_id);
    change.describe("member.removed", resource_of(call), before, std::nullopt);
    co_await change.commit();
    co_return net::empty_response(204);
}

}  // namespace fanion::api
