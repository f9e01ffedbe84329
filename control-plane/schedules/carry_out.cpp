#include "control-plane/schedules/carry_out.hpp"

#include <algorithm>
#include <utility>

#include "common/base/text.hpp"
#include "common/json/tree.hpp"
#include "control-plane/body/json_text.hpp"
#include "control-plane/db/savepoint.hpp"
#include "control-plane/identity/membership_store.hpp"
#include "control-plane/identity/user_store.hpp"
#include "control-plane/projects/environment_store.hpp"
#include "control-plane/projects/project_store.hpp"
#include "control-plane/tokens/token_store.hpp"

namespace fanion::cp::schedules {
namespace {

using boost::asio::awaitable;

Error gone(const char* detail) { return {Errc::forbidden, detail, {{"", "", "creator_gone", detail}}}; }

awaitable<Result<>> load_person(db::Transaction& tx, const Creator& creator, const std::string& org_key,
                                http::InnerCaller& caller) {
    const access::UserId user_id(creator.id);
    auto user = co_await identity::find_user(tx, user_id);
    if (!user || user->is_disabled) co_return gone("whoever asked for this has no account any more");
    auto membership = co_await identity::find_membership(tx, user_id, org_key);
    if (!membership) co_return gone("whoever asked for this is no member of the organisation any more");
    if (!creator.token_id.empty()) {
        const auto token = co_await tokens::find_personal_token(tx, user_id, creator.token_id);
        if (!token || token->revoked_at) co_return gone("the token with which this was asked for is revoked");
    }
    auto& who = caller.principal;
    who.user_id = std::move(user->user_id);
    who.email = std::move(user->email);
    who.name = std::move(user->name);
    who.token_id = creator.token_id;
    who.limit = creator.limit;
    caller.org = std::move(*membership);
    co_return boost::system::in_place_value;
}

// A service account is what its tokens are: the newest that is live.
awaitable<Result<>> load_account(db::Transaction& tx, const Creator& creator, http::InnerCaller& caller) {
    const access::ServiceAccountId account_id(creator.id);
    const auto now = caller.services.clock.now();
    const auto token = co_await tokens::live_token_of_account(tx, caller.org.org_id, account_id, now);
    if (!token) co_return gone("the service account that asked for this has no token any more");
    auto& who = caller.principal;
    who.kind = access::ActorKind::service;
    who.account_id = account_id;
    who.name = token->token.name;
    who.token_id = token->token.token_id;
    who.limit = token->token.scopes & creator.limit;
    caller.org.grants = access::Grants(access::built_in(token->role), {});
    co_return boost::system::in_place_value;
}

net::Method method_of(std::string_view name) {
    for (const auto method : {net::Method::put, net::Method::patch, net::Method::post, net::Method::del})
        if (net::name_of(method) == name) return method;
    return net::Method::other;
}

http::InnerRequest request_of(const Change& change) {
    http::InnerRequest request;
    request.method = method_of(change.method);
    request.resource = change.path;
    request.body = change.body;
    request.if_match = "*";  // whatever the version is now
    request.comment = change.comment;
    request.media_type = change.media_type;
    return request;
}

// Findings in the body of a change, as findings in the body that has the change.
Error relocated(Error error, std::string_view place, std::size_t index) {
    auto prefix = std::string(place);
    if (prefix.ends_with('/')) prefix += std::to_string(index);
    for (auto& finding : error.findings) {
        const bool is_in_body = finding.item.empty() && (finding.pointer.empty() || finding.pointer[0] == '/');
        if (is_in_body) {
            finding.pointer = prefix + "/body" + finding.pointer;
        } else if (finding.pointer.starts_with('{')) {
            finding.pointer = prefix + "/path";
        } else if (finding.pointer == "?comment") {
            finding.pointer = prefix + "/comment";
        }
    }
    return error;
}

// The member `changes` of the response to a dry run: sentences, or items with their differences.
void add_sentences(const std::string& response, std::vector<std::string>& sentences) {
    const auto tree = json::Tree::parse(response, body::composed_limits());
    const auto* changes = tree ? tree->find("changes") : nullptr;
    if (!changes || !changes->is(json::Kind::array)) return;
    for (const auto& change : changes->elements()) {
        if (change.is(json::Kind::string)) sentences.push_back(change.as_string());
        for (const char* kind : {"flag", "segment"}) {
            const auto* key = change.find(kind);
            if (key && key->is(json::Kind::string))
                sentences.push_back("changes the " + std::string(kind) + " `" + key->as_string() + '`');
        }
    }
}

bool has_dry_run(const http::InnerCaller& caller, const http::InnerRequest& request) {
    const auto* route = http::find_route(caller, request.method, request.resource);
    if (!route) return false;
    const auto names = split(route->query, ' ');
    return std::find(names.begin(), names.end(), "dry_run") != names.end();
}

awaitable<Result<>> describe(const http::InnerCaller& caller, http::InnerRequest request,
                             const http::Enclosure& enclosure, std::vector<std::string>& sentences) {
    if (!has_dry_run(caller, request)) co_return boost::system::in_place_value;
    request.is_preview = true;
    http::Enclosure dropped{enclosure.tx};
    dropped.carries_approvals = enclosure.carries_approvals;
    dropped.is_proposal = enclosure.is_proposal;
    db::set_savepoint(enclosure.tx);
    auto copy = caller;
    auto response = co_await http::call_route(std::move(copy), std::move(request), &dropped);
    co_await db::undo_to_savepoint(enclosure.tx);
    if (!response) co_return response.error();
    if (response->status >= 400) co_return refusal_of(*response);
    add_sentences(response->body, sentences);
    co_return boost::system::in_place_value;
}

// A change holds the audit log's lock from its entry on, and so the next one would take its locks in the wrong order.
awaitable<void> lock_all(db::Transaction& tx, access::OrgId org_id, const Change& change) {
    auto project_key = std::string(split(change.path, '/').at(1));
    const auto project = co_await projects::lock_project(tx, std::move(org_id), std::move(project_key));
    if (project) co_await projects::lock_environments(tx, project->project_id);
}

}  // namespace

Creator creator_of(const http::Call& call) {
    const auto& who = call.principal;
    return {who.kind, who.actor_id(), who.token_id, who.limit};
}

awaitable<Result<http::InnerCaller>> act_as(db::Transaction& tx, http::Services& services, Creator creator,
                                            access::OrgId org_id, std::string org_key) {
    http::InnerCaller caller{services, {}, {std::move(org_id), org_key, "", {}}, "", ""};
    if (creator.kind == access::ActorKind::service) {
        const auto loaded = co_await load_account(tx, creator, caller);
        if (!loaded) co_return loaded.error();
    } else {
        const auto loaded = co_await load_person(tx, creator, org_key, caller);
        if (!loaded) co_return loaded.error();
    }
    co_return std::move(caller);
}

awaitable<Result<net::Response>> carry_out(http::InnerCaller caller, const std::vector<Change>& changes,
                                           http::Enclosure& enclosure, std::string_view place,
                                           std::vector<std::string>* sentences) {
    if (changes.size() > 1) co_await lock_all(enclosure.tx, caller.org.org_id, changes.front());
    net::Response last;
    for (std::size_t i = 0; i < changes.size(); ++i) {
        auto request = request_of(changes[i]);
        if (sentences) {
            auto described = co_await describe(caller, request, enclosure, *sentences);
            if (!described) co_return relocated(described.error(), place, i);
        }
        auto copy = caller;
        auto response = co_await http::call_route(std::move(copy), std::move(request), &enclosure);
        if (!response) co_return relocated(response.error(), place, i);
        last = std::move(*response);
        if (last.status >= 400) break;
    }
    co_return last;
}

Error refusal_of(const net::Response& response) {
    const auto tree = json::Tree::parse(response.body, body::composed_limits());
    const auto* detail = tree ? tree->find("detail") : nullptr;
    const bool is_told = detail && detail->is(json::Kind::string);
    const std::string told = is_told ? detail->as_string() : "refused with status " + std::to_string(response.status);
    Error error{Errc::conflict, told, {}};
    const auto* errors = tree ? tree->find("errors") : nullptr;
    if (!errors || !errors->is(json::Kind::array)) return error;
    for (const auto& each : errors->elements()) {
        const auto text = [&](const char* name) {
            const auto* member = each.find(name);
            return member && member->is(json::Kind::string) ? member->as_string() : std::string();
        };
        error.findings.push_back({text("item"), text("pointer"), text("code"), text("detail")});
    }
    return error;
}

}  // namespace fanion::cp::schedules
