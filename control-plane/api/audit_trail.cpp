#include "control-plane/api/audit_trail.hpp"

#include "common/json/writer.hpp"
#include "control-plane/api/change.hpp"
#include "control-plane/store/audit.hpp"

namespace fanion::api {
namespace {

using boost::asio::awaitable;

std::string refusal_json(const Call& call, std::uint64_t left_out) {
    std::string out;
    json::Writer w(out);
    w.begin_object().member("method", net::name_of(call.route.method)).member("route", call.route.pattern);
    w.member("status", 403);
    if (left_out > 0) w.member("left_out", left_out);
    w.end_object();
    return out;
}

std::string denial_json(std::uint64_t left_out) {
    std::string out;
    json::Writer(out).begin_object().member("left_out", left_out).end_object();
    return out;
}

// A key is refused everywhere, whatever it asks for; of a person it matters what they tried, and there are only so many routes.
std::string refusal_subject(const Call& call) {
    const auto& who = call.principal;
    auto subject = "request.refused " + call.org.org_id + ' ' + who.kind + ' ' + who.user_id;
    if (who.kind == "key") return subject;
    subject.append(" ").append(net::name_of(call.route.method)).append(" ").append(call.route.pattern);
    return subject;
}

awaitable<void> record_in(Services& services, std::string org_id, domain::AuditEntry entry) {
    auto tx = co_await services.pool.begin(pg::Scope::tenant(org_id));
    entry.org_id = std::move(org_id);
    co_await store::append_audit(tx, std::move(entry));
    co_await tx.commit();
}

std::string denial_subject(const std::string& user_id) { return "session.denied " + user_id; }

awaitable<void> write_denial(Services& services, std::string user_id, domain::AuditEntry entry,
                             std::uint64_t left_out) {
    try {
        co_await record_for(services, user_id, std::move(entry));
    } catch (const pg::PgError& error) {
        services.audit_limit.give_back(denial_subject(user_id), left_out);
        services.log.error("audit_failed", {{"action", "session.denied"}, {"detail", error.what()}});
    }
}

awaitable<void> write_refusal(Call& call, std::uint64_t left_out) {
    auto entry = audit_entry(call);
    entry.action = "request.refused";
    entry.resource = resource_of(call);
    entry.after = refusal_json(call, left_out);
    if (call.org.org_id.empty()) {
        co_await record_for(call.services, call.principal.user_id, std::move(entry));
    } else {
        co_await record_in(call.services, call.org.org_id, std::move(entry));
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

void record_denial(Call& call, std::string user_id) {
    if (user_id.empty()) return;
    auto& services = call.services;
    const auto left_out = services.audit_limit.admit(denial_subject(user_id), call.now());
    if (!left_out) return services.metrics.denials_left_out.add();
    auto entry = session_entry(call, "session.denied", user_id, "");
    entry.actor_kind = "anonymous";
    entry.actor_id.clear();
    if (*left_out > 0) entry.after = denial_json(*left_out);
    services.background.spawn("audit", write_denial(services, std::move(user_id), std::move(entry), *left_out));
}

awaitable<void> record_refusal(Call& call) {
    auto& services = call.services;
    const auto subject = refusal_subject(call);
    const auto left_out = services.audit_limit.admit(subject, call.now());
    if (!left_out) {
        services.metrics.refusals_left_out.add();
        co_return;
    }
    try {
        co_await write_refusal(call, *left_out);
    } catch (const pg::PgError&) {
        services.audit_limit.give_back(subject, *left_out);
        throw;
    }
}

}  // namespace fanion::api
