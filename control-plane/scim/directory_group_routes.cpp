#include "control-plane/scim/directory_group_routes.hpp"

#include <algorithm>
#include <iterator>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "common/base/ids.hpp"
#include "control-plane/body/json_text.hpp"
#include "control-plane/http/edit.hpp"
#include "control-plane/scim/answer.hpp"
#include "control-plane/scim/attributes.hpp"
#include "control-plane/scim/directory_group_store.hpp"
#include "control-plane/scim/group.hpp"
#include "control-plane/scim/membership.hpp"

namespace fanion::cp::scim {
namespace {

using boost::asio::awaitable;

constexpr std::size_t max_directory_groups = 5'000;
// On a page of groups; a group with more is a page of its own.
constexpr std::size_t max_members_shown = 10'000;

using Ids = std::vector<std::string>;  // sorted

bool shows_members(const http::Call& call) {
    return is_shown("members", call.request.query("attributes").value_or(""),
                    call.request.query("excludedAttributes").value_or(""));
}

// `links`: of this group, and perhaps of others.
std::string group_text(const http::Call& call, const DirectoryGroup& group, const std::vector<GroupLink>& links) {
    auto text = body::object_text([&](json::Writer& w) {
        w.key("schemas").begin_array().string(group_schema).end_array().member("id", group.group_id);
        w.member("displayName", group.name);
        if (group.external_id) w.member("externalId", *group.external_id);
        if (shows_members(call)) {
            w.key("members").begin_array();
            for (const auto& link : links) {
                if (link.group_id != group.group_id) continue;
                w.begin_object().member("value", link.user_id).member("display", link.display).end_object();
            }
            w.end_array();
        }
        write_meta(w, {"Group", location_of(call, "Groups", group.group_id), group.created_at, group.updated_at,
                       http::etag(group.version)});
    });
    return projected(call, std::move(text));
}

awaitable<std::string> show_group(http::Call& call, db::Transaction& tx, const DirectoryGroup& group) {
    std::vector<GroupLink> links;
    Ids ids(1, group.group_id);
    if (shows_members(call)) links = co_await members_of_groups(tx, call.org.org_id, std::move(ids));
    co_return group_text(call, group, links);
}

GroupSelection selection_of_groups(const std::optional<Filter>& filter) {
    if (!filter) return {};
    auto member = demanded(*filter, "members");
    if (!member) member = demanded(*filter, "members.value");
    return {demanded(*filter, "id").value_or(""), demanded(*filter, "displayname").value_or(""),
            demanded(*filter, "externalid").value_or(""), member.value_or("")};
}

// What a filter sees. Of the members, the one that the groups were selected by.
Record record_of_group(const DirectoryGroup& group, const std::string& member) {
    Record record{{"id", group.group_id}, {"displayname", group.name}};
    if (group.external_id) record.push_back({"externalid", *group.external_id});
    if (!member.empty()) {
        record.push_back({"members", member});
        record.push_back({"members.value", member});
    }
    return record;
}

struct FoundGroups {
    std::size_t total = 0;
    std::vector<DirectoryGroup> page;
};

awaitable<FoundGroups> find_groups(http::Call& call, db::Transaction& tx, const ListRequest& asked) {
    FoundGroups found;
    const auto selected = selection_of_groups(asked.filter);
    const auto skipped = asked.start - 1;
    if (!asked.filter) {
        found.total = co_await count_directory_groups(tx, call.org.org_id, selected);
        if (skipped < found.total)
            found.page = co_await list_directory_groups(tx, call.org.org_id, selected, skipped, asked.count);
        co_return found;
    }
    auto all = co_await list_directory_groups(tx, call.org.org_id, selected, 0, max_directory_groups);
    std::erase_if(all, [&](const DirectoryGroup& group) {
        return !matches(*asked.filter, record_of_group(group, selected.member));
    });
    found.total = all.size();
    for (auto i = skipped; i < all.size() && found.page.size() < asked.count; ++i)
        found.page.push_back(std::move(all[i]));
    co_return found;
}

void bound_members(std::vector<DirectoryGroup>& page) {
    std::size_t members = 0;
    std::size_t kept = 0;
    while (kept < page.size() && (kept == 0 || members + page[kept].members <= max_members_shown))
        members += page[kept++].members;
    page.resize(kept);
}

http::Answer handle_list_directory_groups(http::Call& call) {
    const auto asked = list_request_of(call);
    if (!asked) co_return asked.error();
    auto tx = co_await call.services.pool.begin(call.scope(), db::Mode::snapshot);
    auto found = co_await find_groups(call, tx, *asked);
    std::vector<GroupLink> links;
    if (shows_members(call)) {
        bound_members(found.page);
        Ids ids;
        for (const auto& group : found.page) ids.push_back(group.group_id);
        links = co_await members_of_groups(tx, call.org.org_id, std::move(ids));
    }
    std::vector<std::string> texts;
    for (const auto& group : found.page) texts.push_back(group_text(call, group, links));
    co_return net::json_response(list_response_text(found.total, asked->start, texts));
}

http::Answer handle_get_directory_group(http::Call& call) {
    auto tx = co_await call.services.pool.begin(call.scope(), db::Mode::snapshot);
    const auto group = co_await find_directory_group(tx, call.org.org_id, call.param("group"));
    if (!group) co_return http::not_found("group", "{group}");
    auto text = co_await show_group(call, tx, *group);
    co_return http::resource_response(call, std::move(text), http::etag(group->version));
}

// What the audit log holds of a group: its members by their number, as there may be thousands.
std::string state_of(const DirectoryGroup& group, const Ids& added = {}, const Ids& removed = {}) {
    return body::object_text([&](json::Writer& w) {
        w.member("id", group.group_id).member("name", group.name).key("external_id");
        if (group.external_id) {
            w.string(*group.external_id);
        } else {
            w.null();
        }
        w.key("members").unsigned_integer(group.members);
        for (const auto& [name, ids] : {std::pair{"added", &added}, std::pair{"removed", &removed}}) {
            if (ids->empty()) continue;
            w.key(name).begin_array();
            for (const auto& id : *ids) w.string(id);
            w.end_array();
        }
    });
}

http::AuditRecord record_of_change(audit::Action action, const DirectoryGroup& group, std::optional<std::string> before,
                                   std::optional<std::string> after) {
    return {action, "groups/" + group.group_id, std::move(before), std::move(after)};
}

Ids without(const Ids& from, const Ids& these) {
    Ids left;
    std::ranges::set_difference(from, these, std::back_inserter(left));
    return left;
}

Ids joined(const Ids& a, const Ids& b) {
    Ids all;
    std::ranges::set_union(a, b, std::back_inserter(all));
    return all;
}

awaitable<Result<>> require_known(http::Edit& edit, const Ids& ids) {
    const auto known = co_await known_users(edit.tx(), edit.call().org.org_id, ids);
    const auto unknown = without(ids, known);
    if (unknown.empty()) co_return boost::system::in_place_value;
    co_return bad_value("/members", "invalidValue", "the directory has told of no user " + unknown.front());
}

Error name_taken() {
    return http::conflict("/displayName", "uniqueness", "another group of the directory has this name");
}

http::EditResult create_group(http::Edit& edit, GroupContent given) {
    auto& call = edit.call();
    const GroupSelection all;
    const auto present = co_await count_directory_groups(edit.tx(), call.org.org_id, all);
    if (present >= max_directory_groups) {
        co_return http::conflict("", "quota_exceeded",
                                 "a directory has at most " + std::to_string(max_directory_groups) + " groups");
    }
    auto known = co_await require_known(edit, given.members);
    if (!known) co_return known.error();
    DirectoryGroup group{random_id("g_"), given.display_name, given.external_id, given.members.size(), 1,
                         call.now(),      call.now()};
    const bool is_new = co_await insert_directory_group(edit.tx(), call.org.org_id, group);
    if (!is_new) co_return name_taken();
    co_await add_group_members(edit.tx(), call.org.org_id, group.group_id, given.members);
    Ids names(1, group.name);
    auto applied = co_await apply_groups(edit, std::move(names), given.members);
    if (!applied) co_return applied.error();
    auto text = co_await show_group(call, edit.tx(), group);
    auto location = location_of(call, "Groups", group.group_id);
    co_return http::EditOutcome{
        created_response(std::move(text), std::move(location), http::etag(group.version)),
        record_of_change(audit::Action::group_created, group, std::nullopt, state_of(group, given.members))};
}

http::Answer handle_create_directory_group(http::Call& call) {
    return http::edit_resource(call, read_group, create_group);
}

// What a request makes of a group.
struct Wanted {
    std::string name;
    std::optional<std::string> external_id;
    Ids members;
};

Wanted wanted_by_put(GroupContent content) {
    return {std::move(content.display_name), std::move(content.external_id), std::move(content.members)};
}

Wanted wanted_by_patch(const DirectoryGroup& group, Ids members, const GroupPatch& patch) {
    for (const auto& step : patch.steps) {
        if (step.kind == MemberStep::Kind::replace) members = step.ids;
        if (step.kind == MemberStep::Kind::add) members = joined(members, step.ids);
        if (step.kind == MemberStep::Kind::remove) members = without(members, step.ids);
    }
    return {patch.display_name.value_or(group.name), patch.external_id.value_or(group.external_id), std::move(members)};
}

// True: something has changed, and is in the table.
awaitable<Result<std::optional<http::AuditRecord>>> bring_about(http::Edit& edit, DirectoryGroup& group,
                                                                const Ids& members, const Wanted& wanted) {
    const auto& org_id = edit.call().org.org_id;
    const auto added = without(wanted.members, members);
    const auto removed = without(members, wanted.members);
    const bool is_same =
        added.empty() && removed.empty() && wanted.name == group.name && wanted.external_id == group.external_id;
    if (is_same) co_return std::optional<http::AuditRecord>();
    auto known = co_await require_known(edit, added);
    if (!known) co_return known.error();
    const auto before = group;
    group.name = wanted.name;
    group.external_id = wanted.external_id;
    group.members = wanted.members.size();
    group.version += 1;
    group.updated_at = edit.call().now();
    const bool is_free = co_await update_directory_group(edit.tx(), org_id, group);
    if (!is_free) co_return name_taken();
    co_await add_group_members(edit.tx(), org_id, group.group_id, added);
    co_await remove_group_members(edit.tx(), org_id, group.group_id, removed);
    const bool is_renamed = before.name != group.name;
    auto affected = is_renamed ? joined(members, wanted.members) : joined(added, removed);
    Ids names{before.name, group.name};
    auto applied = co_await apply_groups(edit, std::move(names), std::move(affected));
    if (!applied) co_return applied.error();
    co_return std::optional(
        record_of_change(audit::Action::group_updated, group, state_of(before), state_of(group, added, removed)));
}

http::EditResult put_group(http::Edit& edit, GroupContent content) {
    auto& call = edit.call();
    auto group = co_await find_directory_group(edit.tx(), call.org.org_id, call.param("group"));
    if (!group) co_return http::not_found("group", "{group}");
    if (auto ok = check_match(call, http::etag(group->version)); !ok) co_return ok.error();
    const auto members = co_await list_group_members(edit.tx(), call.org.org_id, group->group_id);
    auto record = co_await bring_about(edit, *group, members, wanted_by_put(std::move(content)));
    if (!record) co_return record.error();
    auto text = co_await show_group(call, edit.tx(), *group);
    auto outcome = edit.unchanged(std::move(text), http::etag(group->version));
    outcome.audit = std::move(*record);
    co_return outcome;
}

http::Answer handle_put_directory_group(http::Call& call) { return http::edit_resource(call, read_group, put_group); }

// The response has no content, however many members the group has.
http::EditResult patch_group(http::Edit& edit, GroupPatch patch) {
    auto& call = edit.call();
    auto group = co_await find_directory_group(edit.tx(), call.org.org_id, call.param("group"));
    if (!group) co_return http::not_found("group", "{group}");
    if (auto ok = check_match(call, http::etag(group->version)); !ok) co_return ok.error();
    const auto members = co_await list_group_members(edit.tx(), call.org.org_id, group->group_id);
    auto record = co_await bring_about(edit, *group, members, wanted_by_patch(*group, members, patch));
    if (!record) co_return record.error();
    http::EditOutcome outcome{net::empty_response(204), std::move(*record)};
    outcome.response.set("ETag", http::etag(group->version));
    co_return outcome;
}

http::Answer handle_patch_directory_group(http::Call& call) {
    return http::edit_resource(call, read_group_patch, patch_group);
}

http::EditResult delete_group(http::Edit& edit) {
    auto& call = edit.call();
    const auto group = co_await find_directory_group(edit.tx(), call.org.org_id, call.param("group"));
    if (!group) co_return http::not_found("group", "{group}");
    if (auto ok = check_match(call, http::etag(group->version)); !ok) co_return ok.error();
    auto members = co_await list_group_members(edit.tx(), call.org.org_id, group->group_id);
    co_await delete_directory_group(edit.tx(), call.org.org_id, group->group_id);
    Ids names(1, group->name);
    auto applied = co_await apply_groups(edit, std::move(names), std::move(members));
    if (!applied) co_return applied.error();
    co_return http::EditOutcome{net::empty_response(204),
                                record_of_change(audit::Action::group_deleted, *group, state_of(*group), std::nullopt)};
}

http::Answer handle_delete_directory_group(http::Call& call) { return http::edit_resource(call, delete_group); }

using access::Permission;
using net::Method;

constexpr http::Route directory_group_table[] = {
    {Method::get, "/scim/v2/{org}/Groups", Permission::manage_members, handle_list_directory_groups, list_query},
    {Method::post, "/scim/v2/{org}/Groups", Permission::manage_members, handle_create_directory_group, resource_query},
    {Method::get, "/scim/v2/{org}/Groups/{group}", Permission::manage_members, handle_get_directory_group,
     resource_query},
    {Method::put, "/scim/v2/{org}/Groups/{group}", Permission::manage_members, handle_put_directory_group,
     resource_query},
    {Method::patch, "/scim/v2/{org}/Groups/{group}", Permission::manage_members, handle_patch_directory_group, ""},
    {Method::del, "/scim/v2/{org}/Groups/{group}", Permission::manage_members, handle_delete_directory_group, ""},
};

}  // namespace

std::span<const http::Route> directory_group_routes() noexcept { return directory_group_table; }

}  // namespace fanion::cp::scim
