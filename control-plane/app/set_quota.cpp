#include "control-plane/app/set_quota.hpp"

#include "control-plane/audit/audit_store.hpp"
#include "control-plane/projects/organisation_store.hpp"
#include "control-plane/quotas/quota_store.hpp"

namespace fanion::cp::app {

using boost::asio::awaitable;

namespace {

awaitable<std::optional<access::OrgId>> org_of(db::Pool& pool, std::string key) {
    auto tx = co_await pool.begin(db::Scope::none(), db::Mode::snapshot);
    co_return co_await projects::org_id_of_key(tx, std::move(key));
}

audit::AuditEntry quotas_entry(access::OrgId org_id, const quotas::OwnQuotas& before, const quotas::OwnQuotas& after,
                               UnixMillis now) {
    audit::AuditEntry entry;
    entry.org_id = std::move(org_id);
    entry.at = now;
    entry.actor_kind = access::ActorKind::host_operator;
    entry.action = audit::Action::org_updated;
    entry.comment = "set-quota";
    entry.before = "{\"quotas\":" + quotas::to_json(before) + '}';
    entry.after = "{\"quotas\":" + quotas::to_json(after) + '}';
    return entry;
}

}  // namespace

awaitable<Result<quotas::OwnQuotas>> set_own_quotas(db::Pool& pool, std::string org_key,
                                                    std::vector<quotas::QuotaChange> changes, UnixMillis now) {
    const auto org_id = co_await org_of(pool, org_key);
    if (!org_id) co_return Error{Errc::not_found, "there is no organisation with the key " + org_key, {}};
    auto tx = co_await pool.begin(db::Scope::tenant(org_id->str()));
    co_await audit::lock_audit_chain(tx, *org_id);
    const auto before = co_await quotas::find_own_quotas(tx, *org_id);
    auto after = before;
    quotas::apply_changes(after, changes);
    if (after == before) co_return after;
    for (const auto& change : changes) co_await quotas::put_own_quota(tx, *org_id, change);
    auto entry = quotas_entry(*org_id, before, after, now);
    co_await audit::append_audit(tx, std::move(entry));
    co_await tx.commit();
    co_return after;
}

}  // namespace fanion::cp::app
