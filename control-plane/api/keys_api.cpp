// Keys of applications and relays: of an environment, of a project, or of the whole organisation. An environment's keys are
// items of its ruleset; relays that hold it know a key or its revocation with the next push.

#include "common/base/crypto.hpp"
#include "common/base/ids.hpp"
#include "common/model/json.hpp"
#include "control-plane/api/change.hpp"
#include "control-plane/api/handlers.hpp"
#include "control-plane/api/lookups.hpp"
#include "control-plane/api/views.hpp"
#include "control-plane/domain/key_request.hpp"

namespace fanion::api {
namespace {

using boost::asio::awaitable;

struct Place {
    store::KeyPlace row;
    std::optional<store::LockedEnvironment> environment;  // when it is one, and was asked to be locked
};

awaitable<Result<Place>> find_place(Call& call, pg::Transaction& tx, bool with_lock) {
    Place place;
    place.row.org_id = call.org.org_id;
    if (call.param("project").empty()) co_return place;
    auto project = co_await the_project(call, tx);
    if (!project) co_return project.error();
    place.row.project_id = project->project_id;
    if (call.param("env").empty()) co_return place;
    if (with_lock) {
        auto env = co_await the_locked_environment(call, tx);
        if (!env) co_return env.error();
        place.environment = std::move(*env);
        place.row.env_id = place.environment->env_id;
    } else {
        auto env = co_await the_environment(call, tx);
        if (!env) co_return env.error();
        place.row.env_id = env->env_id;
    }
    co_return place;
}

std::string access_item(const store::Key& key, const Sha256& hash) {
    model::AccessEntry entry;
    entry.id = key.key_id;
    entry.kind = key.kind;
    entry.sha256 = to_hex(hash);
    entry.not_before = key.not_before;
    entry.not_after = key.not_after;
    entry.origins = key.origins;
    entry.ofrep_minimal = key.ofrep_minimal;
    std::string out;
    json::Writer w(out);
    model::write_access(w, entry);
    return out;
}

store::Key to_row(const Call& call, const ApiKey& made, domain::KeyRequest request) {
    store::Key key;
    key.key_id = made.id;
    key.kind = request.kind;
    key.name = std::move(request.name);
    key.origins = std::move(request.origins);
    key.ofrep_minimal = request.ofrep_minimal;
    key.not_before = request.not_before;
    key.not_after = request.expires_at;
    key.created_by = call.principal.user_id;
    key.created_at = call.now();
    return key;
}

std::string key_text(const store::Key& key, std::string_view secret = "") {
    std::string out;
    json::Writer w(out);
    write_key(w, key, secret);
    return out;
}

// Being used is no change: the tag leaves it out.
std::string key_tag(store::Key key) {
    key.last_used_at.reset();
    return content_etag(key_text(key));
}

void write_without_secret(json::Writer& w, const store::Key& key) { write_key(w, key); }

}  // namespace

Answer handle_list_keys(Call& call) {
    auto tx = co_await call.services.pool.begin(call.scope(), pg::Mode::snapshot);
    auto place = co_await find_place(call, tx, false);
    if (!place) co_return problem(call, place.error());
    const auto keys = co_await store::list_keys(tx, place->row);
    co_return net::json_response(list_text(write_without_secret, keys));
}

Answer handle_create_key(Call& call) {
    auto body = read_body(call);
    if (!body) co_return problem(call, body.error());
    auto request = domain::read_key_request((*body)->root(), !call.param("env").empty(), call.now());
    if (!request) co_return problem(call, request.error());
    auto change = co_await Change::begin(call);
    auto place = co_await find_place(call, change.tx(), true);
    if (!place) co_return problem(call, place.error());
    const auto made = make_api_key(domain::key_prefix(request->kind));
    const auto hash = sha256(made.text);
    const auto key = to_row(call, made, std::move(*request));
    co_await store::insert_key(change.tx(), place->row, key, hash);
    if (place->environment) {
        std::vector<wire::ItemChange> items;
        items.push_back(put_item("access/" + key.key_id, access_item(key, hash)));
        auto published = co_await change.publish_all(*place->environment, std::move(items));
        if (!published) co_return problem(call, published.error());
    }
    change.describe("key.created", resource_of(call) + '/' + key.key_id, std::nullopt, key_text(key));
    co_await change.commit();
    auto response = net::json_response(key_text(key, made.text), 201);
    response.set("Location", std::string(call.request.path) + '/' + key.key_id);
    response.set("ETag", key_tag(key));
    change.add_versions(response);
    co_return response;
}

// Never 304: the last use may be another under the same tag.
Answer handle_get_key(Call& call) {
    auto tx = co_await call.services.pool.begin(call.scope(), pg::Mode::snapshot);
    auto place = co_await find_place(call, tx, false);
    if (!place) co_return problem(call, place.error());
    const auto key = co_await store::find_key(tx, place->row, call.param("key"));
    if (!key) co_return problem(call, not_found("key"));
    auto response = net::json_response(key_text(*key));
    response.set("ETag", key_tag(*key));
    co_return response;
}

Answer handle_revoke_key(Call& call) {
    auto change = co_await Change::begin(call);
    auto place = co_await find_place(call, change.tx(), true);
    if (!place) co_return problem(call, place.error());
    auto key = co_await store::lock_key(change.tx(), place->row, call.param("key"));
    if (!key) co_return problem(call, not_found("key"));
    const auto before = key_text(*key);
    if (auto failed = failed_precondition(call, key_tag(*key), before, false)) co_return std::move(*failed);
    if (key->revoked_at) co_return net::empty_response(204);
    key->revoked_at = call.now();
    co_await store::revoke_key(change.tx(), key->key_id, *key->revoked_at);
    if (place->environment) {
        std::vector<wire::ItemChange> items;
        items.push_back(remove_item("access/" + key->key_id));
        auto published = co_await change.publish_all(*place->environment, std::move(items));
        if (!published) co_return problem(call, published.error());
    }
    change.describe("key.revoked", resource_of(call), before, key_text(*key));
    co_await change.commit();
    auto response = net::empty_response(204);
    change.add_versions(response);
    co_return response;
}

}  // namespace fanion::api
