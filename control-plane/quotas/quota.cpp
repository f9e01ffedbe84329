#include "control-plane/quotas/quota.hpp"

#include <utility>

#include "common/base/text.hpp"
#include "common/json/writer.hpp"

namespace fanion::cp::quotas {
namespace {

constexpr std::uint64_t largest_limit = 1'000'000'000'000;

Result<QuotaChange> parse_change(const std::string& text) {
    const auto at = text.find('=');
    const auto quota = parse_quota(std::string_view(text).substr(0, at));
    if (at == std::string::npos || !quota)
        return Error{Errc::invalid_input, "'" + text + "' is not a quota: they are written as flags=5000", {}};
    const auto value = std::string_view(text).substr(at + 1);
    if (value == "default") return QuotaChange{*quota, std::nullopt};
    if (value == "unlimited") return QuotaChange{*quota, Limit()};
    const auto limit = parse_u64(value);
    if (!limit || *limit > largest_limit)
        return Error{Errc::invalid_input, "'" + text + "': give a number up to 10^12, unlimited or default", {}};
    if (*quota == Quota::requests_per_second && *limit == 0)
        return Error{Errc::invalid_input, "'" + text + "': nobody could call the API; the least is 1", {}};
    return QuotaChange{*quota, Limit(*limit)};
}

std::size_t index_of(Quota quota) noexcept { return static_cast<std::size_t>(quota); }

}  // namespace

std::string_view name_of(Quota quota) noexcept {
    switch (quota) {
        case Quota::flags:
            return "flags";
        case Quota::segments:
            return "segments";
        case Quota::environments:
            return "environments";
        case Quota::members:
            return "members";
        case Quota::keys:
            return "keys";
        case Quota::requests_per_second:
            return "requests_per_second";
        case Quota::events_per_day:
            return "events_per_day";
    }
    return "";
}

std::optional<Quota> parse_quota(std::string_view name) noexcept {
    for (const auto quota : all_quotas)
        if (name_of(quota) == name) return quota;
    return std::nullopt;
}

Quotas usual_quotas() noexcept {
    Quotas usual;
    usual.set(Quota::flags, 10'000);
    usual.set(Quota::segments, 10'000);
    usual.set(Quota::environments, 1'000);
    usual.set(Quota::members, 5'000);
    usual.set(Quota::keys, 5'000);
    usual.set(Quota::requests_per_second, 1'000);
    return usual;
}

Quotas combined(const Quotas& installation, const OwnQuotas& own) noexcept {
    auto all = installation;
    for (const auto quota : all_quotas)
        if (const auto& limit = own[index_of(quota)]) all.set(quota, *limit);
    return all;
}

Result<std::vector<QuotaChange>> parse_quota_changes(const std::vector<std::string>& texts) {
    std::vector<QuotaChange> changes;
    for (const auto& text : texts) {
        auto change = parse_change(text);
        if (!change) return change.error();
        changes.push_back(*change);
    }
    return changes;
}

void apply_changes(OwnQuotas& own, const std::vector<QuotaChange>& changes) noexcept {
    for (const auto& change : changes) own[index_of(change.quota)] = change.limit;
}

std::string to_json(const OwnQuotas& own) {
    std::string out;
    json::Writer w(out);
    w.begin_object();
    for (const auto quota : all_quotas) {
        const auto& limit = own[index_of(quota)];
        if (!limit) continue;
        w.key(name_of(quota));
        if (*limit) {
            w.unsigned_integer(**limit);
        } else {
            w.null();
        }
    }
    w.end_object();
    return out;
}

}  // namespace fanion::cp::quotas
