#include "control-plane/roles/assignment_routes.hpp"

#include <optional>
#include <string>
#include <utility>

#include "control-plane/access/assignment_store.hpp"
#include "control-plane/access/role_request.hpp"
#include "control-plane/access/role_store.hpp"
#include "control-plane/body/fields.hpp"
#include "control-plane/http/edit.hpp"
#include "control-plane/http/lists.hpp"
#include "control-plane/identity/member_body.hpp"
#include "control-plane/identity/user_store.hpp"
#include "control-plane/projects/path_lookup.hpp"
#include "control-plane/roles/role_json.hpp"

namespace fanion::cp::roles {
namespace {

using boost::asio::awaitable;

std::string assignment_text(const access::AssignedMember& assigned) { return http::to_text(write_assigned, assigned); }

awaitable<Result<access::AssignmentPlace>> find_assignment_place(http::Call& call, db::Transaction& tx) {
    auto project = co_await projects::load_project(call, tx);
    if (!project) co_return project.error();
    access::AssignmentPlace place{call.org.org_id, project->project_id, std::nullopt};
    if (call.param("env").empty()) co_return place;
    const auto environment = co_await projects::load_environment(call, tx);
    if (!environment) co_return environment.error();
    place.env_id = environment->env_id;
    co_return place;
}

http::Answer handle_list_assignments(http::Call& call) {
    const auto page = http::read_page(call);
    if (!page) co_return page.error();
    auto tx = co_await call.services.pool.begin(call.scope(), db::Mode::snapshot);
    const auto place = co_await find_assignment_place(call, tx);
    if (!place) co_return place.error();
    auto found = co_await access::list_assigned(tx, *place, page->after, page->limit + 1);
    const auto next = http::end_page(found, *page, [](const auto& assigned) { return assigned.user_id.str(); });
    co_return net::json_response(http::list_text(write_assigned, found, next));
}

http::Answer handle_get_assignment(http::Call& call) {
    auto tx = co_await call.services.pool.begin(call.scope(), db::Mode::snapshot);
    const auto place = co_await find_assignment_place(call, tx);
    if (!place) co_return place.error();
    const auto assigned = co_await access::find_assigned(tx, *place, access::UserId(call.param("member")));
    if (!assigned) co_return http::not_found("assignment", "{member}");
    auto body = assignment_text(*assigned);
    auto tag = http::content_etag(body);
    co_return http::resource_response(call, std::move(body), std::move(tag));
}

// The member of the path, locked, with all roles; and what is assigned at the path's place now.
struct Assignee {
    access::AssignmentPlace place;
    access::UserId user_id;
    access::Grants grants;
    std::optional<access::AssignedMember> present;
};

// An owner has every permission everywhere. Whoever has, where the path points, a role that the caller could not give is not
// theirs to change.
awaitable<Result<Assignee>> changeable_assignee(http::Call& call, db::Transaction& tx) {
    const auto project = co_await projects::lock_project(call, tx);
    if (!project) co_return project.error();
    const auto place = co_await find_assignment_place(call, tx);
    if (!place) co_return place.error();
    const access::UserId user_id(call.param("member"));
    const auto member = co_await identity::lock_member(tx, call.org.org_id, user_id);
    if (!member) co_return http::not_found("member", "{member}");
    auto grants = co_await access::grants_of_member(tx, call.org.org_id, user_id);
    const auto& held =
        access::is_owner(grants->role()) ? grants->role() : grants->role_at(call.param("project"), call.param("env"));
    if (!call.may_assign(held)) co_return identity::above_you();
    auto present = co_await access::find_assigned(tx, *place, user_id);
    co_return Assignee{*place, user_id, std::move(*grants), std::move(present)};
}

http::EditOutcome assigned_outcome(const http::Edit& edit, std::optional<http::Before> before,
                                   const access::AssignedMember& assigned) {
    auto text = assignment_text(assigned);
    auto tag = http::content_etag(text);
    if (before) return edit.changed(audit::Action::assignment_updated, std::move(*before), std::move(text), tag);
    http::EditOutcome outcome;
    outcome.response = net::json_response(text, 201);
    outcome.response.set("Location", http::path_of(edit.call()));
    outcome.response.set("ETag", std::move(tag));
    outcome.audit = http::AuditRecord{audit::Action::assignment_created, http::resource_of(edit.call()), std::nullopt,
                                      std::move(text)};
    return outcome;
}

Result<std::string> read_assignment(json::Value body) {
    return body::read_object(body, [](json::Reader& r, std::vector<Finding>&) {
        body::ignore_members(r, {"member", "created_at", "updated_at"});
        return access::read_role_key(r);
    });
}

http::EditResult assign(http::Edit& edit) {
    auto& call = edit.call();
    auto wanted = read_assignment(edit.body());
    if (!wanted) co_return wanted.error();
    const auto role = co_await access::role_to_give(edit.tx(), call.org.org_id, *wanted);
    if (!role) co_return access::unknown_role(*wanted);
    if (!call.may_assign(*role)) co_return identity::above_you();
    auto assignee = co_await changeable_assignee(call, edit.tx());
    if (!assignee) co_return assignee.error();
    if (access::is_owner(assignee->grants.role())) {
        co_return http::conflict("", "owner_everywhere",
                                 "an owner of the organisation is owner of all its projects and environments");
    }
    std::optional<http::Before> before;
    if (assignee->present) {
        const auto present = assignment_text(*assignee->present);
        auto matched = edit.match(http::content_etag(present), present);
        if (!matched) co_return matched.error();
        if (assignee->present->role.key == role->key) co_return edit.unchanged(present, http::content_etag(present));
        before = std::move(*matched);
    } else if (!call.request.header("If-Match").empty()) {
        co_return Error{Errc::precondition_failed, "the member has no role of their own here", {}};
    }
    co_await access::put_assignment(edit.tx(), assignee->place, assignee->user_id, role->key, call.now());
    const auto made = co_await access::find_assigned(edit.tx(), assignee->place, assignee->user_id);
    co_return assigned_outcome(edit, std::move(before), *made);
}

http::Answer handle_assign(http::Call& call) { return http::edit_resource(call, assign); }

// The role that applies when the one at the path's place is gone.
const access::NamedRole& next_role(const http::Call& call, const access::Grants& grants) {
    return call.param("env").empty() ? grants.role() : grants.role_at(call.param("project"));
}

http::EditResult unassign(http::Edit& edit) {
    auto& call = edit.call();
    auto assignee = co_await changeable_assignee(call, edit.tx());
    if (!assignee) co_return assignee.error();
    if (!assignee->present) co_return http::not_found("assignment", "{member}");
    if (!call.may_assign(next_role(call, assignee->grants))) co_return identity::above_you();
    const auto present = assignment_text(*assignee->present);
    auto before = edit.match(http::content_etag(present), present);
    if (!before) co_return before.error();
    co_await access::remove_assignment(edit.tx(), assignee->place, assignee->user_id);
    co_return edit.deleted(audit::Action::assignment_deleted, std::move(*before));
}

http::Answer handle_unassign(http::Call& call) { return http::edit_resource(call, unassign); }

using access::Permission;
using net::Method;

constexpr http::Route assignment_table[] = {
    {Method::get, "/api/v1/orgs/{org}/projects/{project}/assignments", Permission::read, handle_list_assignments,
     "limit cursor"},
    {Method::get, "/api/v1/orgs/{org}/projects/{project}/assignments/{member}", Permission::read,
     handle_get_assignment},
    {Method::put, "/api/v1/orgs/{org}/projects/{project}/assignments/{member}", Permission::manage_members,
     handle_assign},
    {Method::del, "/api/v1/orgs/{org}/projects/{project}/assignments/{member}", Permission::manage_members,
     handle_unassign},
    {Method::get, "/api/v1/orgs/{org}/projects/{project}/environments/{env}/assignments", Permission::read,
     handle_list_assignments, "limit cursor"},
    {Method::get, "/api/v1/orgs/{org}/projects/{project}/environments/{env}/assignments/{member}", Permission::read,
     handle_get_assignment},
    {Method::put, "/api/v1/orgs/{org}/projects/{project}/environments/{env}/assignments/{member}",
     Permission::manage_members, handle_assign},
    {Method::del, "/api/v1/orgs/{org}/projects/{project}/environments/{env}/assignments/{member}",
     Permission::manage_members, handle_unassign},
};

}  // namespace

std::span<const http::Route> assignment_routes() noexcept { return assignment_table; }

}  // namespace fanion::cp::roles
