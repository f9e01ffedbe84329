#include "control-plane/quotas/limits.hpp"

#include <chrono>
#include <functional>
#include <utility>

namespace fanion::cp::quotas {

using boost::asio::awaitable;

namespace {

constexpr std::size_t callers = 16'384;  // that are told apart at a time, of each kind

std::uint64_t hash_of(std::string_view text) noexcept { return std::hash<std::string_view>{}(text); }

// An organisation may use two seconds' worth at once.
Rate organisation_rate(const Limit& limit) noexcept { return limit ? Rate{*limit, *limit * 2} : Rate{}; }

}  // namespace

Metrics::Metrics(telemetry::Registry& registry) {
    registry.counter("fanion_control_plane_requests_limited_total",
                     "Requests to the admin API refused because there were too many, by whose they were.",
                     {{"by", "credential"}}, by_credential);
    registry.counter("fanion_control_plane_requests_limited_total", "", {{"by", "organisation"}}, by_organisation);
    registry.counter("fanion_control_plane_evaluations_beyond_quota_total",
                     "Evaluations stored although their organisation has used up its events of the day.", {},
                     events_beyond);
}

Limits::Limits(LimitsConfig config, Metrics& metrics)
    : config_(std::move(config)), metrics_(metrics), credentials_(callers), organisations_(callers) {}

Rate Limits::rate_of(const access::OrgId& org_id) const {
    if (const auto own = own_rates_.find(org_id); own != own_rates_.end()) return organisation_rate(own->second);
    return organisation_rate(config_.quotas.of(Quota::requests_per_second));
}

std::optional<Standing> Limits::take_of_credential(std::string_view credential) {
    if (!config_.credential.is_limited()) return std::nullopt;
    const auto key = hash_of(credential);
    const std::lock_guard lock(mutex_);
    const auto standing = credentials_.take(key, config_.credential, config_.now());
    if (!standing.is_admitted) metrics_.by_credential.add();
    return standing;
}

std::optional<Standing> Limits::take_of_organisation(const access::OrgId& org_id) {
    const std::lock_guard lock(mutex_);
    const auto rate = rate_of(org_id);
    if (!rate.is_limited()) return std::nullopt;
    const auto standing = organisations_.take(hash_of(org_id.str()), rate, config_.now());
    if (!standing.is_admitted) metrics_.by_organisation.add();
    return standing;
}

std::uint64_t Limits::used_by_organisation(const access::OrgId& org_id) const {
    const std::lock_guard lock(mutex_);
    const auto rate = rate_of(org_id);
    if (!rate.is_limited()) return 0;
    const auto standing = organisations_.look(hash_of(org_id.str()), rate, config_.now());
    return standing.limit - standing.remaining;
}

constexpr db::Statement own_request_rates_sql{"own_request_rates", "SELECT org_id, max_count FROM own_request_rates()"};

awaitable<void> Limits::refresh(db::Pool& pool) {
    auto scope = db::Scope::none();
    const auto rows = co_await pool.run_once(std::move(scope), own_request_rates_sql);
    std::unordered_map<access::OrgId, Limit> found;
    for (const auto row : rows)
        found.emplace(access::OrgId(row.string(0)), row.is_null(1) ? Limit() : Limit(row.u64(1)));
    const std::lock_guard lock(mutex_);
    own_rates_.swap(found);
}

Nanoseconds steady_now() noexcept {
    return std::chrono::duration_cast<std::chrono::nanoseconds>(std::chrono::steady_clock::now().time_since_epoch())
        .count();
}

}  // namespace fanion::cp::quotas
