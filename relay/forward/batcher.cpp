#include "relay/forward/batcher.hpp"

#include <algorithm>
#include <optional>

#include "common/base/text.hpp"

namespace fanion::relay::forward {

namespace {

using std::chrono::milliseconds;

std::optional<milliseconds> requested_wait(std::string_view retry_after) {
    const auto seconds = parse_u64(trim(retry_after));
    if (!seconds) return std::nullopt;
    const auto limit = static_cast<std::uint64_t>(Batcher::max_retry_after.count() / 1000);
    return milliseconds(std::min(*seconds, limit) * 1000);
}

}  // namespace

Step Batcher::settled(Decision decision) {
    backoff_.reset();
    return {decision};
}

Step Batcher::on_answer(const Answer& answer, double random) {
    if (answer.status == 200 && answer.names_batch) return settled(Decision::delivered);
    if (answer.status == 400 || answer.status == 422) return settled(Decision::rejected);
    if (answer.status == 413) return settled(Decision::split);
    if (answer.status == 401 || answer.status == 403) backoff_.slow_down();
    const auto backoff = backoff_.next(random);
    return {Decision::retry, std::max(requested_wait(answer.retry_after).value_or(backoff), milliseconds(1))};
}

Step Batcher::on_failure(double random) { return {Decision::retry, std::max(backoff_.next(random), milliseconds(1))}; }

}  // namespace fanion::relay::forward
