#include "control-plane/quotas/event_quota.hpp"

#include "common/base/text.hpp"
#include "common/json/writer.hpp"
#include "control-plane/audit/audit_store.hpp"

namespace fanion::cp::quotas {
namespace {

using boost::asio::awaitable;

audit::AuditEntry exceeded_entry(access::OrgId org_id, const EventDay& day, UnixMillis now) {
    audit::AuditEntry entry;
    entry.org_id = std::move(org_id);
    entry.at = now;
    entry.actor_kind = access::ActorKind::system;
    entry.action = audit::Action::org_updated;
    entry.comment = "the events of the day are used up; further ones are stored too";
    std::string state;
    json::Writer w(state);
    w.begin_object().key("events_per_day").begin_object().member("limit", *day.limit).member("used", day.events);
    w.member("day", format_rfc3339(now).substr(0, 10)).end_object().end_object();
    entry.after = std::move(state);
    return entry;
}

awaitable<void> note(db::Pool& pool, access::OrgId org_id, EventDay day, UnixMillis now) {
    auto tx = co_await pool.begin(db::Scope::tenant(org_id.str()));
    co_await audit::lock_audit_chain(tx, org_id);  // before the row of the day, which batches of events wait for
    const bool is_first = co_await note_exceeded(tx, org_id, now);
    if (!is_first) co_return;
    auto entry = exceeded_entry(std::move(org_id), day, now);
    co_await audit::append_audit(tx, std::move(entry));
    co_await tx.commit();
}

}  // namespace

awaitable<void> tell_exceeded(db::Pool& pool, const Log& log, access::OrgId org_id, EventDay day, UnixMillis now) {
    try {
        co_await note(pool, org_id, day, now);
    } catch (const db::PgError& error) {
        log.warn("event_quota_note_failed", {{"org_id", org_id.str()}, {"detail", error.what()}});
    }
}

}  // namespace fanion::cp::quotas
