#include "common/telemetry/export_plan.hpp"

#include <algorithm>

namespace fanion::telemetry {
namespace {

bool is_worth_repeating(unsigned status) noexcept {
    return status == 0 || status == 408 || status == 429 || status == 502 || status == 503 || status == 504;
}

}  // namespace

ExportPlan::Verdict ExportPlan::judge(const ExportAnswer& answer, double random) {
    ++attempts_;
    is_well_ = answer.status >= 200 && answer.status < 300;
    if (!is_well_ && is_worth_repeating(answer.status)) return retry(answer, random);
    attempts_ = 0;
    gave_up_ = false;
    return {is_well_ ? Outcome::accepted : Outcome::rejected};
}

// The wait is uniform between a half of a bound and the bound, which doubles.
ExportPlan::Verdict ExportPlan::retry(const ExportAnswer& answer, double random) {
    const unsigned doublings = gave_up_ ? 10 : std::min(attempts_ - 1, 10u);
    const auto bound = std::min(longest_wait, first_wait * (1u << doublings));
    auto wait = std::chrono::duration_cast<Millis>(bound * (0.5 + random / 2));
    if (answer.retry_after) wait = std::max(wait, std::min<Millis>(*answer.retry_after, longest_wait));
    if (!gave_up_ && attempts_ < most_attempts) return {Outcome::retry, wait};
    attempts_ = 0;
    gave_up_ = true;
    return {Outcome::given_up, wait};
}

}  // namespace fanion::telemetry
