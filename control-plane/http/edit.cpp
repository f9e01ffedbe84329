#include "control-plane/http/edit.hpp"

#include <algorithm>
#include <iterator>

#include "common/json/writer.hpp"
#include "common/rule/expand.hpp"
#include "control-plane/audit/audit_store.hpp"

namespace fanion::cp::http {

using boost::asio::awaitable;

Result<Edit::Body> Edit::read(Call& call) {
    if (call.request.method == net::Method::del) return Body();
    return read_body(call);
}

awaitable<Edit> Edit::begin(Call& call, Body body) {
    auto scope = call.scope();
    auto tx = co_await call.services.pool.begin(std::move(scope));
    co_return Edit(call, std::move(tx), std::move(body));
}

Result<Before> Edit::match(const std::string& tag, std::string present, bool is_required) {
    auto failed = failed_precondition(*call_, tag, present, is_required);
    if (!failed) return Before(std::move(present));
    if (!*failed) return failed->error();
    mismatch_ = std::move(**failed);
    return Error{Errc::precondition_failed, "If-Match does not list the present version", {}};
}

Error Edit::relocated(Error error, std::string_view item, body::BodyKind shape, const std::string& environment) const {
    error = body::relocate_to_body(std::move(error), item, shape, environment);
    return document_ ? rule::locate_in_body(std::move(error), document_->root()) : error;
}

awaitable<Result<>> Edit::publish(const projects::LockedEnvironment& env, wire::ItemChange item, body::BodyKind shape) {
    const auto key = item.key;
    std::vector<wire::ItemChange> items;
    items.push_back(std::move(item));
    auto publication = co_await call_->services.publisher.publish(tx_, env, std::move(items), key);
    if (!publication) co_return relocated(publication.error(), key, shape, env.key);
    auto warnings = body::relocate_warnings(publication->warnings(), key, shape, env.key);
    is_rejected_if_strict_ = is_rejected_if_strict_ || !warnings.empty();
    std::move(warnings.begin(), warnings.end(), std::back_inserter(warnings_));
    reports_warnings_ = true;
    versions_.push_back({env.key, std::move(*publication)});
    co_return boost::system::in_place_value;
}

awaitable<Result<>> Edit::check(const projects::LockedEnvironment& env, wire::ItemChange item, body::BodyKind shape) {
    const auto key = item.key;
    std::vector<wire::ItemChange> items;
    items.push_back(std::move(item));
    auto found = co_await call_->services.publisher.check(tx_, env, std::move(items), key);
    reports_warnings_ = true;
    if (!found) co_return relocated(found.error(), key, shape, env.key);
    auto warnings = body::relocate_warnings(std::move(*found), key, shape, env.key);
    std::move(warnings.begin(), warnings.end(), std::back_inserter(warnings_));
    co_return boost::system::in_place_value;
}

awaitable<Result<>> Edit::publish_all(const projects::LockedEnvironment& env, std::vector<wire::ItemChange> items) {
    auto publication = co_await call_->services.publisher.publish(tx_, env, std::move(items));
    if (!publication) co_return publication.error();
    versions_.push_back({env.key, std::move(*publication)});
    co_return boost::system::in_place_value;
}

EditOutcome Edit::created(audit::Action action, const std::string& key, std::string text, std::string tag) const {
    auto response = net::json_response(text, 201);
    response.set("Location", path_of(*call_) + '/' + key);
    response.set("ETag", std::move(tag));
    return {std::move(response), AuditRecord{action, resource_of(*call_) + '/' + key, std::nullopt, std::move(text)}};
}

EditOutcome Edit::changed(audit::Action action, Before before, std::string text, std::string tag) const {
    auto outcome = unchanged(text, std::move(tag));
    outcome.audit = AuditRecord{action, resource_of(*call_), std::move(before.text_), std::move(text)};
    return outcome;
}

EditOutcome Edit::unchanged(std::string text, std::string tag) const {
    return {resource_response(*call_, std::move(text), std::move(tag)), std::nullopt};
}

EditOutcome Edit::deleted(audit::Action action, Before before) const {
    return {net::empty_response(204), AuditRecord{action, resource_of(*call_), std::move(before.text_), std::nullopt}};
}

Result<> Edit::reject_warnings_if_strict() const {
    if (!is_rejected_if_strict_ || call_->request.query("strict") != "true") return boost::system::in_place_value;
    return body::as_strict_error(warnings_);
}

awaitable<void> Edit::commit(AuditRecord record) {
    auto entry = audit_entry(*call_);
    entry.action = record.action;
    entry.resource = std::move(record.resource);
    entry.before = std::move(record.before);
    entry.after = std::move(record.after);
    for (const auto& version : versions_) {
        if (!version.publication.changed()) continue;
        entry.published.emplace_back(version.environment, wire::to_string(version.publication.version()));
    }
    if (audit::is_slow_to_compact(entry)) {
        auto work = [held = std::move(entry)]() mutable {
            audit::compact_states(held);
            return std::move(held);
        };
        entry = co_await call_->services.blocking.compute(std::move(work));
    }
    co_await audit::append_audit(tx_, std::move(entry));
    co_await tx_.commit();
    for (auto& version : versions_) version.publication.committed();
}

Answer Edit::finish(Result<EditOutcome> outcome) {
    if (!outcome) {
        if (mismatch_) co_return std::move(*mismatch_);
        co_return outcome.error();
    }
    if (outcome->audit) {
        if (auto ok = reject_warnings_if_strict(); !ok) co_return ok.error();
        if (!call_->is_dry_run) co_await commit(std::move(*outcome->audit));
    }
    auto response = std::move(outcome->response);
    if (call_->is_dry_run) versions_.clear();
    std::string text;  // production=1763719200.4711, ..: each environment that has a new version
    for (const auto& version : versions_) {
        if (!version.publication.changed()) continue;
        if (!text.empty()) text += ", ";
        text += version.environment + '=' + wire::to_string(version.publication.version());
    }
    if (!text.empty()) response.set("Fanion-Ruleset-Version", std::move(text));
    if (reports_warnings_) add_warnings(response, warnings_);
    co_return response;
}

void add_warnings(net::Response& response, const std::vector<Finding>& warnings) {
    if (!response.body.ends_with('}')) return;
    std::string list;
    json::Writer w(list);
    w.begin_array();
    for (const auto& warning : warnings) {
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
    entry.comment = call.request.query("comment").value_or("");
    return entry;
}

std::string resource_of(const Call& call) {
    const auto prefix = "/api/v1/orgs/" + call.org.key + "/";
    auto path = path_of(call);
    return path.starts_with(prefix) ? path.substr(prefix.size()) : path;
}

}  // namespace fanion::cp::http
