#include "control-plane/groups/group_routes.hpp"

#include <optional>
#include <string>
#include <utility>

#include "control-plane/access/role_request.hpp"
#include "control-plane/access/role_store.hpp"
#include "control-plane/groups/apply.hpp"
#include "control-plane/groups/group_store.hpp"
#include "control-plane/http/edit.hpp"
#include "control-plane/http/lists.hpp"
#include "control-plane/identity/member_body.hpp"
#include "control-plane/projects/environment_store.hpp"
#include "control-plane/projects/project_store.hpp"
#include "control-plane/quotas/limits.hpp"

namespace fanion::cp::groups {
namespace {

using boost::asio::awaitable;

void write_listed_group(json::Writer& w, const ListedGroup& group) {
    w.begin_object().member("name", group.name).member("source", group.source).member("members", group.members);
    w.end_object();
}

// Neither part of the key has U+0000, which PostgreSQL does not store.
std::string cursor_key(const ListedGroup& group) { return group.source + '/' + group.name; }

http::Answer handle_list_groups(http::Call& call) {
    const auto page = http::read_page(call);
    if (!page) co_return page.error();
    const auto slash = page->after.find('/');
    const auto source = page->after.substr(0, slash);
    const auto name = slash == std::string::npos ? std::string() : page->after.substr(slash + 1);
    auto tx = co_await call.services.pool.begin(call.scope(), db::Mode::snapshot);
    auto groups = co_await list_groups(tx, call.org.org_id, name, source, page->limit + 1);
    const auto next = http::end_page(groups, *page, cursor_key);
    co_return net::json_response(http::list_text(write_listed_group, groups, next));
}

http::Answer handle_get_group_roles(http::Call& call) {
    auto tx = co_await call.services.pool.begin(call.scope(), db::Mode::snapshot);
    const auto stored = co_await find_group_roles(tx, call.org.org_id);
    co_return http::resource_response(call, http::to_text(write_group_roles, stored), http::etag(stored.version));
}

Error unknown(std::string pointer, std::string code, std::string detail) {
    return {Errc::invalid_input, detail, {{"", std::move(pointer), std::move(code), detail}}};
}

awaitable<Result<>> check_place(http::Edit& edit, const Rule& rule, const std::string& pointer) {
    if (rule.project.empty()) co_return boost::system::in_place_value;
    const auto project = co_await projects::find_project(edit.tx(), edit.call().org.org_id, rule.project);
    if (!project) {
        co_return unknown(pointer + "/project", "unknown_project",
                          "the organisation has no project '" + rule.project + "'");
    }
    if (rule.environment.empty()) co_return boost::system::in_place_value;
    const auto found = co_await projects::find_environment(edit.tx(), project->project_id, rule.environment);
    if (found) co_return boost::system::in_place_value;
    co_return unknown(pointer + "/environment", "unknown_environment",
                      "the project has no environment '" + rule.environment + "'");
}

// Whoever writes the rules gives every role that is in them.
awaitable<Result<>> check_given(http::Edit& edit, const Rule& rule, const std::string& pointer) {
    const auto role = co_await access::role_to_give(edit.tx(), edit.call().org.org_id, rule.role);
    if (!role) {
        auto error = access::unknown_role(rule.role);
        for (auto& finding : error.findings) finding.pointer = pointer;
        co_return error;
    }
    const auto& call = edit.call();
    if (!call.has_throughout(rule.project, rule.environment, role->permissions)) co_return identity::above_you();
    co_return boost::system::in_place_value;
}

awaitable<Result<>> check_rules(http::Edit& edit, const GroupRoles& wanted) {
    for (std::size_t i = 0; i < wanted.rules.size(); ++i) {
        const auto pointer = "/rules/" + std::to_string(i);
        auto there = co_await check_place(edit, wanted.rules[i], pointer);
        if (!there) co_return there;
        auto given = co_await check_given(edit, wanted.rules[i], pointer + "/role");
        if (!given) co_return given;
    }
    if (!wanted.default_role) co_return boost::system::in_place_value;
    const Rule for_all{"", *wanted.default_role, "", ""};
    co_return co_await check_given(edit, for_all, "/default_role");
}

http::EditResult change_group_roles(http::Edit& edit, GroupRoles wanted) {
    auto& call = edit.call();
    auto stored = co_await find_group_roles(edit.tx(), call.org.org_id);
    auto before = edit.match(http::etag(stored.version), http::to_text(write_group_roles, stored));
    if (!before) co_return before.error();
    if (stored.roles == wanted) co_return edit.unchanged(before->text(), http::etag(stored.version));
    auto allowed = co_await check_rules(edit, wanted);
    if (!allowed) co_return allowed.error();
    stored.roles = std::move(wanted);
    stored.version += 1;
    stored.updated_at = call.now();
    co_await put_group_roles(edit.tx(), call.org.org_id, stored);
    const Work work{edit.tx(), call.services.limits.quotas(), http::audit_entry(call)};
    auto applied = co_await apply_to_all(work);
    if (!applied) co_return applied.error();
    co_return edit.changed(audit::Action::group_roles_updated, std::move(*before),
                           http::to_text(write_group_roles, stored), http::etag(stored.version));
}

http::Answer handle_put_group_roles(http::Call& call) {
    return http::edit_resource(call, read_group_roles, change_group_roles);
}

using access::Permission;
using net::Method;

constexpr http::Route group_table[] = {
    {Method::get, "/api/v1/orgs/{org}/groups", Permission::read, handle_list_groups, "limit cursor"},
    {Method::get, "/api/v1/orgs/{org}/group-roles", Permission::manage_organisation, handle_get_group_roles},
    {Method::put, "/api/v1/orgs/{org}/group-roles", Permission::manage_organisation, handle_put_group_roles},
};

}  // namespace

std::span<const http::Route> group_routes() noexcept { return group_table; }

}  // namespace fanion::cp::groups
