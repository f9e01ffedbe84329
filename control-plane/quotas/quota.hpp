#pragma once

// What an organisation may have: how many of each kind, requests a second, events a day. Plain
// values; pure.

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "common/base/error.hpp"

namespace fanion::cp::quotas {

enum class Quota {
    flags,  // archived ones too
    segments,
    environments,
    members,              // and open invitations
    keys,                 // valid ones, of applications and relays and of service accounts
    requests_per_second,  // to the admin API, at each replica
    events_per_day,       // evaluations that relays report, in a day of UTC
};
inline constexpr std::array all_quotas{Quota::flags,         Quota::segments, Quota::environments,
                                       Quota::members,       Quota::keys,     Quota::requests_per_second,
                                       Quota::events_per_day};

std::string_view name_of(Quota quota) noexcept;  // "flags"
std::optional<Quota> parse_quota(std::string_view name) noexcept;

using Limit = std::optional<std::uint64_t>;  // none: no limit

// A limit of each quota.
class Quotas {
public:
    const Limit& of(Quota quota) const noexcept { return limits_[static_cast<std::size_t>(quota)]; }
    void set(Quota quota, Limit limit) noexcept { limits_[static_cast<std::size_t>(quota)] = limit; }
    friend bool operator==(const Quotas&, const Quotas&) = default;

private:
    std::array<Limit, all_quotas.size()> limits_{};
};

// Of an organisation for which nothing else was set, unless the installation has other ones.
Quotas usual_quotas() noexcept;

// What an organisation has instead of the installation's limits; the others are the installation's.
using OwnQuotas = std::array<std::optional<Limit>, all_quotas.size()>;
Quotas combined(const Quotas& installation, const OwnQuotas& own) noexcept;

// "flags=5000", "flags=unlimited"; "flags=default": none of its own.
struct QuotaChange {
    Quota quota{};
    std::optional<Limit> limit;  // none: the installation's
    friend bool operator==(const QuotaChange&, const QuotaChange&) = default;
};
// Error: invalid_input, which names the text.
Result<std::vector<QuotaChange>> parse_quota_changes(const std::vector<std::string>& texts);
void apply_changes(OwnQuotas& own, const std::vector<QuotaChange>& changes) noexcept;

// The own limits by name, as JSON: {"flags":5000,"keys":null}.
std::string to_json(const OwnQuotas& own);

}  // namespace fanion::cp::quotas
