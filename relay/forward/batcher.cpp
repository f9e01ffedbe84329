#include "relay/forward/batcher.hpp"

#include <algorithm>
#include <iterator>
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

// Of the statuses that are not decided at once, those that another attempt may never change: an error caused by this
// batch, or a gateway that has no such address. The others say that the key or the moment is wrong.
bool is_failure(unsigned status) {
    constexpr unsigned of_the_moment[] = {401, 403, 408, 421, 425, 429, 502, 503, 504};
    return status >= 300 &&
           std::find(std::begin(of_the_moment), std::end(of_the_moment), status) == std::end(of_the_moment);
}

}  // namespace

bool Batcher::has_failed_for_good(unsigned status, UnixMillis now) {
    if (!is_failure(status)) return false;
    if (failures_++ == 0) failing_since_ = now;
    return failures_ >= most_failures && now - failing_since_ >= failure_time;
}

Step Batcher::settled(Decision decision) {
    failures_ = 0;
    backoff_.reset();
    return {decision};
}

Step Batcher::on_answer(const Answer& answer, UnixMillis now, double random) {
    if (answer.status == 200 && answer.names_batch) return settled(Decision::delivered);
    if (answer.status == 400 || answer.status == 422) return settled(Decision::rejected);
    if (answer.status == 413) return settled(Decision::split);
    if (has_failed_for_good(answer.status, now)) return settled(Decision::rejected);
    if (answer.status == 401 || answer.status == 403) backoff_.slow_down();
    const auto backoff = backoff_.next(random);
    return {Decision::retry, std::max(requested_wait(answer.retry_after).value_or(backoff), milliseconds(1))};
}

Step Batcher::on_failure(double random) { return {Decision::retry, std::max(backoff_.next(random), milliseconds(1))}; }

}  // namespace fanion::relay::forward
