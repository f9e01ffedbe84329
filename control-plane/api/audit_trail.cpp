#include "control-plane/api/audit_trail.hpp"

#include "common/json/writer.hpp"
#include "control-plane/api/change.hpp"
#include "control-plane/store/audit.hpp"

namespace fanion::api {
namespace {

using boost::asio::awaitable;

std::string refusal_json(const Call& call) {
    std::string out;
    json::Writer w(out);
    w.begin_object().member("method", net::name_of(call.route.method)).member("route", call.route.pattern);
    w.member("status", 403).end_object();
    return out;
}

awaitable<void> record_in(Services& services, std::string org_id, domain::AuditEntry entry) {
    auto tx = co_await services.pool.begin(pg::Scope::tenant(org_id));
    entry.org_id = std::move(org_id);
    co_await store::append_audit(tx, std::move(entry));
    co_await tx.commit();
}

awaitable<void> record_or_log(Services& services, std::string user_id, domain::AuditEntry entry) {
    const auto action = entry.action;
    try {
        co_await record_for(services, std::move(user_id), std::move(entry));
    } catch (const pg::PgError& error) {
        services.log.error("audit_failed", {{"action", action}, {"detail", error.what()}});
    }
}

}  // namespace

domain::AuditEntry audit_entry(const Call& call) {
    domain::AuditEntry entry;
    entry.org_id = call.org.org_id;
    entry.at = call.now();
    entry.actor_kind = call.principal.kind;
    entry.actor_id = call.principal.user_id;
    entry.credential_id = call.principal.family;
    entry.request_id = std::string(call.request.request_id());
    entry.peer = std::string(call.request.peer);
    return entry;
}

domain::AuditEntry session_entry(const Call& call, std::string action, std::string user_id, std::string family) {
    auto entry = audit_entry(call);
    entry.actor_kind = "user";
    entry.actor_id = user_id;
    entry.credential_id = std::move(family);
    entry.action = std::move(action);
    entry.resource = "members/" + std::move(user_id);
    return entry;
}

domain::AuditEntry denied_entry(const Call& call, std::string user_id) {
    auto entry = session_entry(call, "session.denied", std::move(user_id), "");
    entry.actor_kind = "anonymous";
    entry.actor_id.clear();
    return entry;
}

awaitable<void> append_for(pg::Transaction& tx, std::string user_id, domain::AuditEntry entry) {
    const auto orgs = co_await store::orgs_of_user(tx, std::move(user_id));  // in order of their keys
    for (const auto& org : orgs) {
        auto scope = pg::Scope::tenant(org.org_id);
        co_await tx.enter(std::move(scope));
        entry.org_id = org.org_id;
        co_await store::append_audit(tx, entry);
    }
}

awaitable<void> record_for(Services& services, std::string user_id, domain::AuditEntry entry) {
    auto tx = co_await services.pool.begin(pg::Scope::none());
    co_await append_for(tx, std::move(user_id), std::move(entry));
    co_await tx.commit();
}

void record_aside(Services& services, std::string user_id, domain::AuditEntry entry) {
    services.background.spawn("audit", record_or_log(services, std::move(user_id), std::move(entry)));
}

awaitable<void> record_refusal(Call& call) {
    auto entry = audit_entry(call);
    entry.action = "request.refused";
    entry.resource = resource_of(call);
    entry.after = refusal_json(call);
    if (call.org.org_id.empty()) {
        co_await record_for(call.services, call.principal.user_id, std::move(entry));
    } else {
        co_await record_in(call.services, call.org.org_id, std::move(entry));
    }
}

}  // namespace fanion::api
