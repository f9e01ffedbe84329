#include "control-plane/events/rollup.hpp"

#include <algorithm>
#include <limits>
#include <map>
#include <tuple>

namespace fanion::cp::events {

namespace {

constexpr UnixMillis minute = 60'000;
constexpr std::size_t max_findings = 100;

using Key = std::tuple<std::string_view, std::string_view, std::string_view, std::uint64_t, std::string_view,
                       std::string_view, std::string_view>;

Finding refused(std::string_view list, std::size_t index) {
    Finding finding;
    finding.pointer = "/" + std::string(list) + "/" + std::to_string(index) + "/env";
    finding.code = "not_granted";
    finding.detail = "the key does not grant this environment";
    return finding;
}

std::int64_t clamp_to_i64(std::uint64_t n) noexcept {
    constexpr auto most = static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max());
    return static_cast<std::int64_t>(std::min(n, most));
}

}  // namespace

Result<> check_batch(const wire::EventBatch& batch, const keys::RelayIdentity& identity) {
    std::vector<Finding> findings;
    const auto check = [&](std::string_view list, const auto& events) {
        for (std::size_t i = 0; i < events.size() && findings.size() < max_findings; ++i) {
            if (identity.may_count(access::EnvironmentId(events[i].env))) continue;
            findings.push_back(refused(list, i));
        }
    };
    check("counts", batch.counts);
    check("exposures", batch.exposures);
    check("metrics", batch.metrics);
    if (findings.empty()) return {};
    return Error{Errc::unprocessable, "the batch cannot be stored", std::move(findings)};
}

std::vector<CountRow> roll_up(const wire::EventBatch& batch, UnixMillis now) {
    const UnixMillis at = std::min(batch.from, now);
    std::map<Key, std::uint64_t> sums;
    for (const auto& count : batch.counts) {
        auto& sum = sums[{count.env, count.flag, count.variation, count.version, count.reason, count.sdk, count.rule}];
        sum = sum > std::numeric_limits<std::uint64_t>::max() - count.n ? std::numeric_limits<std::uint64_t>::max()
                                                                        : sum + count.n;
    }
    std::vector<CountRow> rows;
    rows.reserve(sums.size());
    for (const auto& [key, n] : sums) {
        CountRow row;
        row.env_id = access::EnvironmentId(std::string(std::get<0>(key)));
        row.flag = std::get<1>(key);
        row.variation = std::get<2>(key);
        row.version = clamp_to_i64(std::get<3>(key));
        row.reason = std::get<4>(key);
        row.sdk = std::get<5>(key);
        row.rule = std::get<6>(key);
        row.minute = at - at % minute;
        row.n = clamp_to_i64(n);
        rows.push_back(std::move(row));
    }
    return rows;
}

RelayDrops drops_of(const wire::EventBatch& batch) {
    return {clamp_to_i64(batch.dropped.counts), clamp_to_i64(batch.dropped.exposures),
            clamp_to_i64(batch.dropped.metrics)};
}

}  // namespace fanion::cp::events
