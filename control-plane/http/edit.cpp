#include "control-plane/http/edit.hpp"

#include <iterator>

#include "common/json/writer.hpp"
#include "control-plane/audit/audit_store.hpp"

namespace fanion::cp::http {

using boost::asio::awaitable;

awaitable<Edit> Edit::begin(Call& call) {
    auto scope = call.scope();
    auto tx = co_await call.services.pool.begin(std::move(scope));
    Edit change(call, std::move(tx));
    co_return std::move(change);
}

awaitable<Result<>> Edit::publish(const projects::LockedEnvironment& env, wire::ItemChange item, body::BodyKind shape) {
    const auto key = item.key;
    std::vector<wire::ItemChange> items;
    items.push_back(std::move(item));
    auto publication = co_await call_->services.publisher.publish(tx_, env, std::move(items), key);
    if (!publication) co_return body::relocate_to_body(publication.error(), key, shape, env.key);
    collect_warnings(body::relocate_warnings(publication->warnings(), key, shape, env.key));
    versions_.push_back({env.key, std::move(*publication)});
    co_return boost::system::in_place_value;
}

awaitable<void> Edit::check(const projects::LockedEnvironment& env, wire::ItemChange item, body::BodyKind shape) {
    const auto key = item.key;
    std::vector<wire::ItemChange> items;
    items.push_back(std::move(item));
    auto warnings = co_await call_->services.publisher.check(tx_, env, std::move(items), key);
    if (warnings) collect_warnings(body::relocate_warnings(std::move(*warnings), key, shape, env.key));
}

void Edit::collect_warnings(std::vector<Finding> warnings) {
    warnings_.insert(warnings_.end(), std::make_move_iterator(warnings.begin()),
                     std::make_move_iterator(warnings.end()));
}

Result<> Edit::reject_warnings_if_strict() const {
    if (warnings_.empty() || query(*call_, "strict") != "true") return boost::system::in_place_value;
    return body::as_strict_error(warnings_);
}

awaitable<Result<>> Edit::publish_all(const projects::LockedEnvironment& env, std::vector<wire::ItemChange> items) {
    auto publication = co_await call_->services.publisher.publish(tx_, env, std::move(items));
    if (!publication) co_return publication.error();
    versions_.push_back({env.key, std::move(*publication)});
    co_return boost::system::in_place_value;
}

void Edit::set_audit_entry(audit::Action action, std::string resource, std::optional<std::string> before,
                           std::optional<std::string> after) {
    auto entry = audit_entry(*call_);
    entry.action = action;
    entry.resource = std::move(resource);
    entry.before = std::move(before);
    entry.after = std::move(after);
    entry_ = std::move(entry);
}

awaitable<void> Edit::commit() {
    if (entry_) co_await audit::append_audit(tx_, std::move(*entry_));
    co_await tx_.commit();
    for (auto& version : versions_) version.publication.committed();
}

void Edit::add_versions(net::Response& response) const {
    std::string text;
    for (const auto& version : versions_) {
        if (!version.publication.changed()) continue;
        if (!text.empty()) text += ", ";
        text += version.environment + '=' + wire::to_string(version.publication.version());
    }
    if (!text.empty()) response.set("Fanion-Ruleset-Version", std::move(text));
}

void Edit::add_warnings(net::Response& response) const {
    if (!response.body.ends_with('}')) return;  // 204 and 304 have no object to extend
    std::string list;
    json::Writer w(list);
    w.begin_array();
    for (const auto& warning : warnings_) {
        w.begin_object();
        if (!warning.item.empty()) w.member("item", warning.item);
        w.member("pointer", warning.pointer).member("code", warning.code).member("detail", warning.detail).end_object();
    }
    w.end_array();
    const std::string_view separator = response.body == "{}" ? "" : ",";
    response.body.insert(response.body.size() - 1, std::string(separator) + "\"warnings\":" + list);
}

wire::ItemChange put_item(std::string key, std::string body) {
    return {std::move(key), std::make_shared<const std::string>(std::move(body))};
}

wire::ItemChange remove_item(std::string key) { return {std::move(key), nullptr}; }

audit::AuditEntry audit_entry(const Call& call) {
    audit::AuditEntry entry;
    entry.org_id = call.org.org_id;
    entry.at = call.now();
    entry.actor_kind = call.principal.kind;
    entry.actor_id = call.principal.actor_id();
    entry.credential_id = call.principal.credential_id();
    entry.request_id = std::string(call.request.request_id());
    entry.peer = std::string(call.request.peer);
    return entry;
}

std::string resource_of(const Call& call) {
    const auto prefix = "/api/v1/orgs/" + call.org.key + "/";
    const auto path = call.request.path;
    return std::string(path.starts_with(prefix) ? path.substr(prefix.size()) : path);
}

}  // namespace fanion::cp::http
