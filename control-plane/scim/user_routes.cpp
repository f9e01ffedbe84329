#include "control-plane/scim/user_routes.hpp"

#include <algorithm>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "common/json/tree.hpp"
#include "control-plane/body/json_text.hpp"
#include "control-plane/http/edit.hpp"
#include "control-plane/identity/user_store.hpp"
#include "control-plane/scim/answer.hpp"
#include "control-plane/scim/attributes.hpp"
#include "control-plane/scim/directory_group_store.hpp"
#include "control-plane/scim/directory_store.hpp"
#include "control-plane/scim/membership.hpp"
#include "control-plane/scim/patch.hpp"

namespace fanion::cp::scim {
namespace {

using boost::asio::awaitable;

// Inactive people count too; the quota of members does not count them.
constexpr std::size_t max_directory_users = 50'000;

struct Shown {
    std::string text;
    std::string tag;
};

void write_groups_of(json::Writer& w, const std::vector<GroupLink>& links, const std::string& user_id) {
    w.key("groups").begin_array();
    for (const auto& link : links) {
        if (link.user_id != user_id) continue;
        w.begin_object().member("value", link.group_id).member("display", link.display).end_object();
    }
    w.end_array();
}

// `links`: of this user, and perhaps of others.
Shown shown_user(const http::Call& call, const DirectoryUser& user, const std::vector<GroupLink>& links) {
    const auto& id = user.user_id.str();
    const auto content = body::text_of([&](json::Writer& w) {
        w.begin_object().key("schemas").begin_array().string(user_schema).end_array().member("id", id);
        write_attributes(w, user.attributes);
        write_groups_of(w, links, id);
        w.end_object();
    });
    const Meta meta{"User", location_of(call, "Users", id), user.created_at, user.updated_at,
                    http::content_etag(content)};
    const auto with_meta = body::object_text([&](json::Writer& w) { write_meta(w, meta); });
    return {content.substr(0, content.size() - 1) + ',' + with_meta.substr(1), meta.tag};
}

awaitable<Shown> show_user(http::Call& call, db::Transaction& tx, const DirectoryUser& user) {
    std::vector<std::string> ids(1, user.user_id.str());
    const auto links = co_await groups_of_members(tx, call.org.org_id, std::move(ids));
    co_return shown_user(call, user, links);
}

UserSelection selection_of(const std::optional<Filter>& filter) {
    if (!filter) return {};
    return {demanded(*filter, "id").value_or(""), demanded(*filter, "username").value_or(""),
            demanded(*filter, "externalid").value_or("")};
}

struct FoundUsers {
    std::size_t total = 0;
    std::vector<DirectoryUser> page;
};

awaitable<FoundUsers> find_users(http::Call& call, db::Transaction& tx, const ListRequest& asked) {
    FoundUsers found;
    const auto selected = selection_of(asked.filter);
    const auto skipped = asked.start - 1;
    if (!asked.filter) {
        found.total = co_await count_directory_users(tx, call.org.org_id, selected);
        if (skipped < found.total)
            found.page = co_await list_directory_users(tx, call.org.org_id, selected, skipped, asked.count);
        co_return found;
    }
    auto all = co_await list_directory_users(tx, call.org.org_id, selected, 0, max_directory_users);
    std::erase_if(all, [&](const DirectoryUser& user) {
        return !matches(*asked.filter, record_of(user.attributes, user.user_id.str()));
    });
    found.total = all.size();
    for (auto i = skipped; i < all.size() && found.page.size() < asked.count; ++i)
        found.page.push_back(std::move(all[i]));
    co_return found;
}

http::Answer handle_list_users(http::Call& call) {
    const auto asked = list_request_of(call);
    if (!asked) co_return asked.error();
    auto tx = co_await call.services.pool.begin(call.scope(), db::Mode::snapshot);
    const auto found = co_await find_users(call, tx, *asked);
    std::vector<std::string> ids;
    for (const auto& user : found.page) ids.push_back(user.user_id.str());
    const auto links = co_await groups_of_members(tx, call.org.org_id, std::move(ids));
    std::vector<std::string> texts;
    for (const auto& user : found.page) texts.push_back(projected(call, shown_user(call, user, links).text));
    co_return net::json_response(list_response_text(found.total, asked->start, texts));
}

http::Answer handle_get_user(http::Call& call) {
    auto tx = co_await call.services.pool.begin(call.scope(), db::Mode::snapshot);
    const auto user = co_await find_directory_user(tx, call.org.org_id, access::UserId(call.param("user")));
    if (!user) co_return http::not_found("user", "{user}");
    auto shown = co_await show_user(call, tx, *user);
    co_return http::resource_response(call, projected(call, std::move(shown.text)), std::move(shown.tag));
}

std::string audit_resource(const DirectoryUser& user) { return "scim-users/" + user.user_id.str(); }

Error taken(std::string pointer, std::string detail) {
    return http::conflict(std::move(pointer), "uniqueness", std::move(detail));
}

awaitable<Result<>> require_place(http::Edit& edit) {
    const UserSelection all;
    const auto present = co_await count_directory_users(edit.tx(), edit.call().org.org_id, all);
    if (present < max_directory_users) co_return boost::system::in_place_value;
    co_return http::conflict("", "quota_exceeded",
                             "a directory provides at most " + std::to_string(max_directory_users) + " people");
}

awaitable<Result<>> let_join(http::Edit& edit, const DirectoryUser& user) {
    const auto work = work_of(edit);
    groups::KnownPerson person{user.user_id, user.email, shown_name(user.attributes)};
    auto standing = co_await groups::apply(work, std::move(person));
    if (!standing) co_return standing.error();
    co_await set_member_name(edit.tx(), edit.call().org.org_id, user.user_id, shown_name(user.attributes));
    co_return boost::system::in_place_value;
}

Result<UserAttributes> read_user_body(json::Value body) { return read_user(json::Tree(body)); }

http::EditResult create_user(http::Edit& edit, UserAttributes attributes) {
    auto& call = edit.call();
    auto place = co_await require_place(edit);
    if (!place) co_return place.error();
    const auto address = account_address(attributes);
    if (!address) {
        co_return bad_value("/emails", "invalidValue",
                            "an e-mail address is needed: as a value of `emails`, or as `userName`");
    }
    auto account = co_await identity::account_within(edit.tx(), call.org.org_id, *address, shown_name(attributes));
    const DirectoryUser user{std::move(account), *address, std::move(attributes), call.now(), call.now()};
    const bool is_new = co_await insert_directory_user(edit.tx(), call.org.org_id, user);
    if (!is_new) co_return taken("/userName", "the directory has told of this person already");
    if (user.attributes.is_active) {
        auto joined = co_await let_join(edit, user);
        if (!joined) co_return joined.error();
    }
    auto shown = co_await show_user(call, edit.tx(), user);
    http::AuditRecord record{audit::Action::member_updated, audit_resource(user), std::nullopt, shown.text};
    auto location = location_of(call, "Users", user.user_id.str());
    co_return http::EditOutcome{
        created_response(projected(call, std::move(shown.text)), std::move(location), shown.tag), std::move(record)};
}

http::Answer handle_create_user(http::Call& call) { return http::edit_resource(call, read_user_body, create_user); }

Result<UserAttributes> patched(const UserAttributes& present, std::vector<Operation> operations) {
    auto resource = to_tree(present);
    for (auto& operation : operations) {
        auto parts = with_paths(std::move(operation));
        if (!parts) return parts.error();
        for (const auto& part : *parts)
            if (auto ok = apply_operation(resource, part); !ok) return ok.error();
    }
    return read_user(resource);
}

// After `before` has become `after` in the table.
awaitable<Result<>> follow(http::Edit& edit, const DirectoryUser& before, const DirectoryUser& after) {
    if (before.attributes.is_active && !after.attributes.is_active)
        co_return co_await end_membership_of(edit, after.user_id);
    if (!before.attributes.is_active && after.attributes.is_active) co_return co_await let_join(edit, after);
    const auto name = shown_name(after.attributes);
    if (name != shown_name(before.attributes))
        co_await set_member_name(edit.tx(), edit.call().org.org_id, after.user_id, name);
    co_return boost::system::in_place_value;
}

// The user that the path names, as the request expects them.
struct Target {
    DirectoryUser user;
    Shown shown;
};
awaitable<Result<Target>> find_target(http::Edit& edit) {
    auto& call = edit.call();
    auto user = co_await find_directory_user(edit.tx(), call.org.org_id, access::UserId(call.param("user")));
    if (!user) co_return http::not_found("user", "{user}");
    auto shown = co_await show_user(call, edit.tx(), *user);
    if (auto ok = check_match(call, shown.tag); !ok) co_return ok.error();
    co_return Target{std::move(*user), std::move(shown)};
}

http::EditResult change_user(http::Edit& edit, const Target& target, UserAttributes wanted) {
    auto& call = edit.call();
    if (wanted == target.user.attributes)
        co_return edit.unchanged(projected(call, target.shown.text), target.shown.tag);
    auto user = target.user;
    user.attributes = std::move(wanted);
    user.updated_at = call.now();
    const bool is_free = co_await update_directory_user(edit.tx(), call.org.org_id, user);
    if (!is_free) co_return taken("/userName", "another person of the directory has this user name");
    auto followed = co_await follow(edit, target.user, user);
    if (!followed) co_return followed.error();
    auto after = co_await show_user(call, edit.tx(), user);
    auto outcome = edit.unchanged(projected(call, after.text), after.tag);
    outcome.audit =
        http::AuditRecord{audit::Action::member_updated, audit_resource(user), target.shown.text, after.text};
    co_return outcome;
}

http::EditResult replace_user(http::Edit& edit, UserAttributes wanted) {
    const auto target = co_await find_target(edit);
    if (!target) co_return target.error();
    co_return co_await change_user(edit, *target, std::move(wanted));
}

http::EditResult patch_user(http::Edit& edit, std::vector<Operation> operations) {
    const auto target = co_await find_target(edit);
    if (!target) co_return target.error();
    auto wanted = patched(target->user.attributes, std::move(operations));
    if (!wanted) co_return wanted.error();
    co_return co_await change_user(edit, *target, std::move(*wanted));
}

http::Answer handle_put_user(http::Call& call) { return http::edit_resource(call, read_user_body, replace_user); }
http::Answer handle_patch_user(http::Call& call) { return http::edit_resource(call, read_operations, patch_user); }

http::EditResult delete_user(http::Edit& edit) {
    auto& call = edit.call();
    const auto target = co_await find_target(edit);
    if (!target) co_return target.error();
    const auto& user = target->user;
    if (user.attributes.is_active) {
        auto ended = co_await end_membership_of(edit, user.user_id);
        if (!ended) co_return ended.error();
    }
    co_await delete_directory_user(edit.tx(), call.org.org_id, user.user_id);
    http::AuditRecord record{audit::Action::member_updated, audit_resource(user), target->shown.text, std::nullopt};
    co_return http::EditOutcome{net::empty_response(204), std::move(record)};
}

http::Answer handle_delete_user(http::Call& call) { return http::edit_resource(call, delete_user); }

using access::Permission;
using net::Method;

constexpr http::Route user_table[] = {
    {Method::get, "/scim/v2/{org}/Users", Permission::manage_members, handle_list_users, list_query},
    {Method::post, "/scim/v2/{org}/Users", Permission::manage_members, handle_create_user, resource_query},
    {Method::get, "/scim/v2/{org}/Users/{user}", Permission::manage_members, handle_get_user, resource_query},
    {Method::put, "/scim/v2/{org}/Users/{user}", Permission::manage_members, handle_put_user, resource_query},
    {Method::patch, "/scim/v2/{org}/Users/{user}", Permission::manage_members, handle_patch_user, resource_query},
    {Method::del, "/scim/v2/{org}/Users/{user}", Permission::manage_members, handle_delete_user, ""},
};

}  // namespace

std::span<const http::Route> user_routes() noexcept { return user_table; }

}  // namespace fanion::cp::scim
