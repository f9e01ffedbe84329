#pragma once

// What the admin API asks before it works for a caller: the quotas of the installation, and how
// many requests a credential and an organisation may make now, at this replica, whichever of its
// threads they reach. Thread-safe, except for replace().
//
// A request costs two look-ups in tables of fixed size (rate_table.hpp). The database is asked only
// by refresh(), which a background task calls: organisations' own rates are a few seconds old.

#include <boost/asio/awaitable.hpp>
#include <mutex>
#include <optional>
#include <string_view>
#include <unordered_map>

#include "common/telemetry/metrics.hpp"
#include "control-plane/access/ids.hpp"
#include "control-plane/db/pool.hpp"
#include "control-plane/quotas/quota.hpp"
#include "control-plane/quotas/rate_table.hpp"

namespace fanion::cp::quotas {

// Of a clock that is never set back.
Nanoseconds steady_now() noexcept;

struct LimitsConfig {
    Rate credential{100, 200};  // of one token or session
    Quotas quotas = usual_quotas();
    Nanoseconds (*now)() noexcept = steady_now;
};

struct Metrics {
    explicit Metrics(telemetry::Registry& registry);
    Metrics(const Metrics&) = delete;

    telemetry::Counter by_credential;  // requests refused
    telemetry::Counter by_organisation;
    telemetry::Counter events_beyond;  // evaluations beyond the quota of a day, which are stored
};

class Limits {
public:
    Limits(LimitsConfig config, Metrics& metrics);

    const Quotas& quotas() const noexcept { return config_.quotas; }
    Metrics& metrics() noexcept { return metrics_; }
    // No other thread may use this meanwhile.
    void replace(LimitsConfig config) { config_ = std::move(config); }

    // Counts a request of `credential`: the text of a token, or the id of a session. None: there is
    // no limit.
    std::optional<Standing> take_of_credential(std::string_view credential);
    std::optional<Standing> take_of_organisation(const access::OrgId& org_id);
    // Requests of the organisation that its bucket has not got back yet.
    std::uint64_t used_by_organisation(const access::OrgId& org_id) const;

    // Reads the organisations' own rates. Throws PgError.
    boost::asio::awaitable<void> refresh(db::Pool& pool);

private:
    Rate rate_of(const access::OrgId& org_id) const;  // the caller has the lock

    LimitsConfig config_;
    Metrics& metrics_;
    mutable std::mutex mutex_;  // of what follows; held for a look into a table
    RateTable credentials_;
    RateTable organisations_;
    std::unordered_map<access::OrgId, Limit> own_rates_;
};

}  // namespace fanion::cp::quotas
