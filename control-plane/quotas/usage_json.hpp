#pragma once

// What an organisation uses, as the API shows it. Pure.

#include <string>
#include <vector>

#include "common/base/clock.hpp"
#include "control-plane/quotas/quota.hpp"

namespace fanion::cp::quotas {

struct Usage {
    Quota quota{};
    std::uint64_t used = 0;
    Limit limit;
};

// {"quotas":[{"name":"flags","used":12,"limit":10000},..]}; the events of the day have `day` too.
std::string usage_text(const std::vector<Usage>& all, UnixMillis now);

}  // namespace fanion::cp::quotas
