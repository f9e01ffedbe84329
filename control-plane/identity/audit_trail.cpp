#include "control-plane/identity/audit_trail.hpp"

#include "common/json/writer.hpp"
#include "control-plane/audit/audit_store.hpp"
#include "control-plane/http/edit.hpp"
#include "control-plane/identity/membership_store.hpp"

namespace fanion::cp::identity {
namespace {

using boost::asio::awaitable;

std::string refusal_json(const http::Call& call, std::uint64_t suppressed) {
    std::string out;
    json::Writer w(out);
    w.begin_object().member("method", net::name_of(call.route.method)).member("route", call.route.pattern);
    w.member("status", 403);
    if (suppressed > 0) w.member("suppressed", suppressed);
    w.end_object();
    return out;
}

std::string denial_json(std::uint64_t suppressed) {
    std::string out;
    json::Writer(out).begin_object().member("suppressed", suppressed).end_object();
    return out;
}

// A key is refused whatever it requests. What a person requests is of interest, and the number of routes is bounded.
std::string refusal_subject(const http::Call& call) {
    const auto& who = call.principal;
    auto subject = "request.refused " + call.org.org_id.str() + ' ';
    subject.append(access::name_of(who.kind)).append(" ").append(who.actor_id());
    if (who.is_key()) return subject;
    subject.append(" ").append(net::name_of(call.route.method)).append(" ").append(call.route.pattern);
    return subject;
}

awaitable<void> record_in(http::Services& services, access::OrgId org_id, audit::AuditEntry entry) {
    auto tx = co_await services.pool.begin(db::Scope::tenant(org_id.str()));
    entry.org_id = std::move(org_id);
    co_await audit::append_audit(tx, std::move(entry));
    co_await tx.commit();
}

std::string denial_subject(const access::UserId& user_id) { return "session.denied " + user_id.str(); }

awaitable<void> write_denial(http::Services& services, access::UserId user_id, audit::AuditEntry entry,
                             std::uint64_t suppressed) {
    try {
        co_await record_for(services, user_id, std::move(entry));
    } catch (const db::PgError& error) {
        services.audit_limit.give_back(denial_subject(user_id), suppressed);
        services.log.error("audit_failed", {{"action", "session.denied"}, {"detail", error.what()}});
    }
}

awaitable<void> write_refusal(http::Call& call, std::uint64_t suppressed) {
    auto entry = http::audit_entry(call);
    entry.action = audit::Action::request_refused;
    entry.resource = http::resource_of(call);
    entry.after = refusal_json(call, suppressed);
    if (call.org.org_id.empty()) {
        co_await record_for(call.services, call.principal.user_id, std::move(entry), call.principal.only_org);
    } else {
        co_await record_in(call.services, call.org.org_id, std::move(entry));
    }
}

}  // namespace

audit::AuditEntry session_entry(const http::Call& call, audit::Action action, access::UserId user_id,
                                access::SessionId session_id) {
    auto entry = http::audit_entry(call);
    entry.actor_kind = access::ActorKind::user;
    entry.actor_id = user_id.str();
    entry.credential_id = session_id.str();
    entry.action = action;
    entry.resource = "members/" + user_id.str();
    return entry;
}

awaitable<void> append_for(db::Transaction& tx, access::UserId user_id, audit::AuditEntry entry,
                           access::OrgId only_org) {
    const auto orgs = co_await orgs_of_user(tx, user_id);  // in the order of their keys, as Transaction::enter asks
    for (const auto& org : orgs) {
        if (!only_org.empty() && org.org_id != only_org) continue;
        auto scope = db::Scope::tenant(org.org_id.str());
        tx.enter(scope);
        entry.org_id = org.org_id;
        co_await audit::append_audit(tx, entry);
    }
}

awaitable<void> record_for(http::Services& services, access::UserId user_id, audit::AuditEntry entry,
                           access::OrgId only_org) {
    auto tx = co_await services.pool.begin(db::Scope::none());
    co_await append_for(tx, std::move(user_id), std::move(entry), std::move(only_org));
    co_await tx.commit();
}

void record_denial(http::Call& call, access::UserId user_id, std::string comment) {
    if (user_id.empty()) return;
    auto& services = call.services;
    const auto suppressed = services.audit_limit.admit(denial_subject(user_id), call.now());
    if (!suppressed) return services.metrics.denials_suppressed.add();
    auto entry = session_entry(call, audit::Action::session_denied, user_id, access::SessionId());
    entry.actor_kind = access::ActorKind::anonymous;
    entry.actor_id.clear();
    entry.comment = std::move(comment);
    if (*suppressed > 0) entry.after = denial_json(*suppressed);
    services.background.spawn("audit", write_denial(services, std::move(user_id), std::move(entry), *suppressed));
}

awaitable<void> record_refusal(http::Call& call) {
    auto& services = call.services;
    const auto subject = refusal_subject(call);
    const auto suppressed = services.audit_limit.admit(subject, call.now());
    if (!suppressed) {
        services.metrics.refusals_suppressed.add();
        co_return;
    }
    try {
        co_await write_refusal(call, *suppressed);
    } catch (const db::PgError&) {
        services.audit_limit.give_back(subject, *suppressed);
        throw;
    }
}

}  // namespace fanion::cp::identity
