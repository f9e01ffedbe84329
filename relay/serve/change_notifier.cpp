#include "relay/serve/change_notifier.hpp"

#include <algorithm>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <cmath>

namespace fanion::relay::serve {
namespace asio = boost::asio;

ChangeNotifier::ChangeNotifier(asio::any_io_executor executor, const ServeConfig& config, unsigned workers)
    : executor_(std::move(executor)),
      config_(config),
      workers_(std::max(workers, 1U)),
      random_(std::random_device()()) {}

void ChangeNotifier::notify(std::string_view env_id) {
    for (auto& [id, timers] : waiting_) {
        if (!env_id.empty() && id != env_id) continue;
        for (auto* timer : timers) timer->cancel();
    }
}

void ChangeNotifier::end_streams(Millis spread) {
    ending_ = true;
    ending_spread_ = spread;
    notify("");
}

asio::awaitable<void> ChangeNotifier::wait_for_change(std::string env_id, Millis limit) {
    // Leaves the list whichever way the wait ends, cancellation of the coroutine included.
    struct Registration {
        std::vector<asio::steady_timer*>& list;
        asio::steady_timer* timer;
        ~Registration() { std::erase(list, timer); }
    };
    asio::steady_timer timer(executor_, limit);
    auto& list = waiting_[env_id];
    list.push_back(&timer);
    const Registration registration{list, &timer};
    boost::system::error_code ignored;  // both ends of the wait are the caller's business
    auto token = asio::redirect_error(asio::use_awaitable, ignored);
    co_await timer.async_wait(std::move(token));
}

ChangeNotifier::Millis ChangeNotifier::jitter() {
    const double all = static_cast<double>(streams_) * workers_;
    const double spread_ms = all * 1000 / std::max(config_.stream_refetches_per_second, 1.0);
    return random_below(Millis(static_cast<Millis::rep>(spread_ms)));
}

ChangeNotifier::Millis ChangeNotifier::random_below(Millis limit) {
    if (limit.count() <= 0) return Millis(0);
    return Millis(std::uniform_int_distribution<Millis::rep>(0, limit.count() - 1)(random_));
}

ChangeNotifier::StreamSlot::StreamSlot(ChangeNotifier& hub, std::string key_id)
    : notifier_(hub), key_id_(std::move(key_id)) {
    ++notifier_.streams_;
    ++notifier_.streams_by_key_[key_id_];
}

ChangeNotifier::StreamSlot::~StreamSlot() {
    --notifier_.streams_;
    if (--notifier_.streams_by_key_[key_id_] == 0) notifier_.streams_by_key_.erase(key_id_);
}

bool ChangeNotifier::has_room(std::string_view key_id) const {
    const auto found = streams_by_key_.find(std::string(key_id));
    const std::size_t of_key = found == streams_by_key_.end() ? 0 : found->second;
    return !ending_ && streams_ < config_.streams && of_key < config_.streams_per_key;
}

}  // namespace fanion::relay::serve
