#include "control-plane/keys/key_routes.hpp"

#include "common/base/crypto.hpp"
#include "common/base/ids.hpp"
#include "common/base/text.hpp"
#include "common/json/writer.hpp"
#include "common/model/json.hpp"
#include "control-plane/http/edit.hpp"
#include "control-plane/http/lists.hpp"
#include "control-plane/keys/key_request.hpp"
#include "control-plane/keys/key_store.hpp"
#include "control-plane/keys/upkeep_store.hpp"
#include "control-plane/projects/path_lookup.hpp"
#include "control-plane/quotas/room.hpp"
#include "control-plane/tokens/rotation.hpp"

namespace fanion::cp::keys {
namespace {

using boost::asio::awaitable;

struct Place {
    KeyPlace row;
    std::optional<projects::LockedEnvironment> environment;  // when it is one, and was asked to be locked
};

awaitable<Result<Place>> find_place(http::Call& call, db::Transaction& tx, bool with_lock) {
    Place place;
    place.row.org_id = call.org.org_id;
    if (call.param("project").empty()) co_return place;
    auto project = co_await projects::load_project(call, tx);
    if (!project) co_return project.error();
    place.row.project_id = project->project_id;
    if (call.param("env").empty()) {
        if (!with_lock) co_return place;
        auto locked = co_await projects::lock_project(call, tx);
        if (!locked) co_return locked.error();
        co_return place;
    }
    if (with_lock) {
        auto env = co_await projects::lock_environment(call, tx);
        if (!env) co_return env.error();
        place.environment = std::move(*env);
        place.row.env_id = place.environment->env_id;
    } else {
        auto env = co_await projects::load_environment(call, tx);
        if (!env) co_return env.error();
        place.row.env_id = env->env_id;
    }
    co_return place;
}

// `secret`: the whole key, on the one occasion it is shown; else empty.
void write_key(json::Writer& w, const Key& key, std::string_view secret = "") {
    w.begin_object().member("id", key.key_id.str()).member("kind", model::name_of(key.kind)).member("name", key.name);
    if (!secret.empty()) w.member("key", secret);
    w.key("origins").begin_array();
    for (const auto& origin : key.origins) w.string(origin);
    w.end_array().member("ofrep_minimal", key.ofrep_minimal).member("rules", key.rules);
    body::write_time(w, "not_before", key.not_before);
    body::write_time(w, "expires_at", key.not_after);
    w.member("created_by", key.created_by).member("created_at", format_rfc3339(key.created_at));
    body::write_time(w, "revoked_at", key.revoked_at);
    body::write_time(w, "last_used_at", key.last_used_at);
    w.key("replaces");
    if (key.replaces.empty()) {
        w.null();
    } else {
        w.string(key.replaces.str());
    }
    w.end_object();
}

Key to_row(const http::Call& call, const ApiKey& made, KeyRequest request) {
    Key key;
    key.key_id = access::KeyId(made.id);
    key.kind = request.kind;
    key.name = std::move(request.name);
    key.origins = std::move(request.origins);
    key.ofrep_minimal = request.ofrep_minimal;
    key.rules = request.rules;
    key.not_before = request.not_before;
    key.not_after = request.expires_at;
    key.created_by = call.principal.actor_id();
    key.created_at = call.now();
    return key;
}

std::string key_text(const Key& key, std::string_view secret = "") {
    std::string out;
    json::Writer w(out);
    write_key(w, key, secret);
    return out;
}

// Being used is no change: the tag leaves it out.
std::string key_tag(Key key) {
    key.last_used_at.reset();
    return http::content_etag(key_text(key));
}

void write_without_secret(json::Writer& w, const Key& key) { write_key(w, key); }

http::Answer handle_list_keys(http::Call& call) {
    const auto page = http::read_page(call);
    if (!page) co_return page.error();
    auto tx = co_await call.services.pool.begin(call.scope(), db::Mode::snapshot);
    auto place = co_await find_place(call, tx, false);
    if (!place) co_return place.error();
    auto keys = co_await list_keys(tx, place->row, page->after, page->limit + 1);
    const auto next = http::end_page(keys, *page, [](const Key& key) { return key.key_id.str(); });
    co_return net::json_response(http::list_text(write_without_secret, keys, next));
}

// Publishes changes of keys' items. Those of a project or an organisation are published in the background
// (relay_key_upkeep.hpp).
awaitable<Result<>> publish_all_in_environment(http::Edit& edit, const Place& place,
                                               std::vector<wire::ItemChange> items) {
    if (!place.environment) co_return boost::system::in_place_value;
    co_return co_await edit.publish_all(*place.environment, std::move(items));
}

// Before the lock of the quota, which a rotation takes only after it has changed the old key.
awaitable<void> lock_if_wide(http::Edit& edit, const Place& place, model::AccessEntry::Kind kind) {
    if (place.environment || kind != model::AccessEntry::Kind::relay) co_return;
    co_await lock_wide_relay_keys(edit.tx(), place.row.org_id);
}

awaitable<Result<>> publish_in_environment(http::Edit& edit, const Place& place, wire::ItemChange item) {
    std::vector<wire::ItemChange> items;
    items.push_back(std::move(item));
    co_return co_await publish_all_in_environment(edit, place, std::move(items));
}

http::EditResult create_key(http::Edit& edit) {
    auto& call = edit.call();
    auto request = read_key_request(edit.body(), !call.param("env").empty(), call.now());
    if (!request) co_return request.error();
    if (auto ok = http::require_throughout(call, access::Permission::manage_keys); !ok) co_return ok.error();
    auto place = co_await find_place(call, edit.tx(), true);
    if (!place) co_return place.error();
    co_await lock_if_wide(edit, *place, request->kind);
    auto room = co_await quotas::require_room(edit, quotas::Quota::keys);
    if (!room) co_return room.error();
    const auto warnings = warnings_about(*request);
    const auto made = make_api_key(key_prefix(request->kind));
    const auto hash = sha256(made.text);
    const auto key = to_row(call, made, std::move(*request));
    co_await insert_key(edit.tx(), place->row, key, hash);
    auto item = http::put_item(access_item_key(key.key_id), access_item(key, hash));
    auto published = co_await publish_in_environment(edit, *place, std::move(item));
    if (!published) co_return published.error();
    auto outcome = edit.created(audit::Action::key_created, key.key_id.str(), key_text(key), key_tag(key));
    outcome.response.body = key_text(key, made.text);  // with the secret, which the audit log must not have
    http::add_warnings(outcome.response, warnings);
    co_return outcome;
}

http::Answer handle_create_key(http::Call& call) { return http::edit_resource(call, create_key); }

// Never 304: the last use may be another under the same tag.
http::Answer handle_get_key(http::Call& call) {
    auto tx = co_await call.services.pool.begin(call.scope(), db::Mode::snapshot);
    auto place = co_await find_place(call, tx, false);
    if (!place) co_return place.error();
    const auto key = co_await find_key(tx, place->row, access::KeyId(call.param("key")));
    if (!key) co_return http::not_found("key", "{key}");
    auto response = net::json_response(key_text(*key));
    response.set("ETag", key_tag(*key));
    co_return response;
}

http::EditResult revoke(http::Edit& edit) {
    auto& call = edit.call();
    if (auto ok = http::require_throughout(call, access::Permission::manage_keys); !ok) co_return ok.error();
    auto place = co_await find_place(call, edit.tx(), true);
    if (!place) co_return place.error();
    auto key = co_await lock_key(edit.tx(), place->row, access::KeyId(call.param("key")));
    if (!key) co_return http::not_found("key", "{key}");
    auto before = edit.match(key_tag(*key), key_text(*key));
    if (!before) co_return before.error();
    if (key->revoked_at) co_return http::EditOutcome{net::empty_response(204), std::nullopt};
    key->revoked_at = call.now();
    co_await revoke_key(edit.tx(), key->key_id, *key->revoked_at);
    auto item = http::remove_item(access_item_key(key->key_id));
    auto published = co_await publish_in_environment(edit, *place, std::move(item));
    if (!published) co_return published.error();
    auto outcome = edit.deleted(audit::Action::key_revoked, std::move(*before));
    outcome.audit->after = key_text(*key);  // the row stays
    co_return outcome;
}

http::Answer handle_revoke_key(http::Call& call) { return http::edit_resource(call, revoke); }

bool is_live(const Key& key, UnixMillis now) { return !key.revoked_at && !(key.not_after && *key.not_after <= now); }

// "projects/web/keys/K1/rotate" -> "projects/web/keys/K2"
std::string sibling_of(std::string path, const access::KeyId& key_id) {
    path.erase(path.rfind('/'));
    path.erase(path.rfind('/') + 1);
    return path + key_id.str();
}

Key successor_of(const http::Call& call, const Key& old, const ApiKey& made, const tokens::Rotation& rotation) {
    Key key = old;
    key.key_id = access::KeyId(made.id);
    key.not_before.reset();
    key.not_after = tokens::expiry_of_new(rotation, {old.created_at, old.not_after}, call.now());
    key.created_by = call.principal.actor_id();
    key.created_at = call.now();
    key.last_used_at.reset();
    key.replaces = old.key_id;
    return key;
}

// At most two keys of a chain are valid at a time: the one that `old` has replaced ends. Its audit record.
awaitable<std::optional<http::AuditRecord>> end_predecessor(http::Edit& edit, const Place& place, const Key& old) {
    const auto& call = edit.call();
    if (old.replaces.empty()) co_return std::nullopt;
    auto ended = co_await lock_key(edit.tx(), place.row, old.replaces);
    if (!ended || ended->revoked_at) co_return std::nullopt;
    http::AuditRecord record{audit::Action::key_revoked, sibling_of(http::resource_of(call), ended->key_id),
                             key_text(*ended), std::nullopt};
    ended->revoked_at = call.now();
    record.after = key_text(*ended);
    co_await revoke_key(edit.tx(), ended->key_id, call.now());
    co_return record;
}

http::EditResult rotate_key(http::Edit& edit) {
    auto& call = edit.call();
    const auto now = call.now();
    const auto rotation = tokens::read_rotation(edit.body(), now);
    if (!rotation) co_return rotation.error();
    if (auto ok = http::require_throughout(call, access::Permission::manage_keys); !ok) co_return ok.error();
    auto place = co_await find_place(call, edit.tx(), true);
    if (!place) co_return place.error();
    auto old = co_await lock_key(edit.tx(), place->row, access::KeyId(call.param("key")));
    if (!old) co_return http::not_found("key", "{key}");
    if (!is_live(*old, now)) co_return tokens::not_live("key");
    const auto successors = co_await list_successors(edit.tx(), place->row, old->key_id);
    for (const auto& later : successors) {
        if (is_live(later, now)) co_return tokens::rotated_already("key", later.key_id.str());
    }
    const auto before = key_text(*old);
    const auto made = make_api_key(key_prefix(old->kind));
    const auto hash = sha256(made.text);
    const auto key = successor_of(call, *old, made, *rotation);
    std::vector<wire::ItemChange> items;
    auto ended = co_await end_predecessor(edit, *place, *old);
    if (ended) items.push_back(http::remove_item(access_item_key(old->replaces)));
    old->not_after = tokens::expiry_of_old(*rotation, {old->created_at, old->not_after}, now);
    co_await expire_key(edit.tx(), old->key_id, *old->not_after);
    auto room = co_await quotas::require_room(edit, quotas::Quota::keys);
    if (!room) co_return room.error();
    co_await insert_key(edit.tx(), place->row, key, hash);
    const auto old_hash = co_await hash_of_key(edit.tx(), old->key_id);
    items.push_back(http::put_item(access_item_key(old->key_id), access_item(*old, *old_hash)));
    items.push_back(http::put_item(access_item_key(key.key_id), access_item(key, hash)));
    auto published = co_await publish_all_in_environment(edit, *place, std::move(items));
    if (!published) co_return published.error();
    auto response = net::json_response(key_text(key, made.text), 201);
    response.set("Location", sibling_of(http::path_of(call), key.key_id));
    response.set("ETag", key_tag(key));
    http::add_warnings(response, {});
    http::AuditRecord record{audit::Action::key_rotated, sibling_of(http::resource_of(call), key.key_id), before,
                             key_text(key)};
    http::EditOutcome outcome{std::move(response), std::move(record)};
    if (ended) outcome.more.push_back(std::move(*ended));
    co_return outcome;
}

http::Answer handle_rotate_key(http::Call& call) { return http::edit_resource(call, rotate_key); }

using access::Permission;
using net::Method;

constexpr http::Route key_table[] = {
    {Method::get, "/api/v1/orgs/{org}/keys", Permission::manage_keys, handle_list_keys, "limit cursor"},
    {Method::post, "/api/v1/orgs/{org}/keys", Permission::manage_keys, handle_create_key},
    {Method::get, "/api/v1/orgs/{org}/keys/{key}", Permission::manage_keys, handle_get_key},
    {Method::del, "/api/v1/orgs/{org}/keys/{key}", Permission::manage_keys, handle_revoke_key},
    {Method::get, "/api/v1/orgs/{org}/projects/{project}/keys", Permission::manage_keys, handle_list_keys,
     "limit cursor"},
    {Method::post, "/api/v1/orgs/{org}/projects/{project}/keys", Permission::manage_keys, handle_create_key},
    {Method::get, "/api/v1/orgs/{org}/projects/{project}/keys/{key}", Permission::manage_keys, handle_get_key},
    {Method::del, "/api/v1/orgs/{org}/projects/{project}/keys/{key}", Permission::manage_keys, handle_revoke_key},
    {Method::get, "/api/v1/orgs/{org}/projects/{project}/environments/{env}/keys", Permission::manage_keys,
     handle_list_keys, "limit cursor"},
    {Method::post, "/api/v1/orgs/{org}/projects/{project}/environments/{env}/keys", Permission::manage_keys,
     handle_create_key},
    {Method::get, "/api/v1/orgs/{org}/projects/{project}/environments/{env}/keys/{key}", Permission::manage_keys,
     handle_get_key},
    {Method::del, "/api/v1/orgs/{org}/projects/{project}/environments/{env}/keys/{key}", Permission::manage_keys,
     handle_revoke_key},
    {Method::post, "/api/v1/orgs/{org}/keys/{key}/rotate", Permission::manage_keys, handle_rotate_key},
    {Method::post, "/api/v1/orgs/{org}/projects/{project}/keys/{key}/rotate", Permission::manage_keys,
     handle_rotate_key},
    {Method::post, "/api/v1/orgs/{org}/projects/{project}/environments/{env}/keys/{key}/rotate",
     Permission::manage_keys, handle_rotate_key},
};

}  // namespace

std::span<const http::Route> key_routes() noexcept { return key_table; }

}  // namespace fanion::cp::keys
