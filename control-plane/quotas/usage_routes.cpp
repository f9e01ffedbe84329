#include "control-plane/quotas/usage_routes.hpp"

#include "control-plane/http/call.hpp"
#include "control-plane/quotas/event_day_store.hpp"
#include "control-plane/quotas/limits.hpp"
#include "control-plane/quotas/quota_store.hpp"
#include "control-plane/quotas/usage_json.hpp"

namespace fanion::cp::quotas {
namespace {

http::Answer handle_get_usage(http::Call& call) {
    const auto& org_id = call.org.org_id;
    auto& limits = call.services.limits;
    auto tx = co_await call.services.pool.begin(call.scope(), db::Mode::snapshot);
    const auto own = co_await find_own_quotas(tx, org_id);
    const auto quotas = combined(limits.quotas(), own);
    std::vector<Usage> all;
    for (const auto quota : all_quotas) {
        const auto used = co_await count_used(tx, org_id, quota, call.now());
        all.push_back({quota, used, quotas.of(quota)});
    }
    const auto day = co_await find_event_day(tx, limits.quotas(), org_id, call.now());
    for (auto& usage : all) {
        if (usage.quota == Quota::events_per_day) usage.used = day.events;
        if (usage.quota == Quota::requests_per_second) usage.used = limits.used_by_organisation(org_id);
    }
    co_return net::json_response(usage_text(all, call.now()));
}

using access::Permission;
using net::Method;

constexpr http::Route usage_table[] = {
    {Method::get, "/api/v1/orgs/{org}/usage", Permission::read, handle_get_usage},
};

}  // namespace

std::span<const http::Route> usage_routes() noexcept { return usage_table; }

}  // namespace fanion::cp::quotas
