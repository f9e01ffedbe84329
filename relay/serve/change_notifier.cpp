#include "relay/serve/change_notifier.hpp"

#include <algorithm>
#include <boost/asio/post.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <cmath>

namespace fanion::relay::serve {
namespace asio = boost::asio;
namespace {

constexpr std::size_t woken_at_once = 16;  // each then sends some KiB

}  // namespace

ChangeNotifier::ChangeNotifier(asio::any_io_executor executor, const ServeConfig& config, unsigned workers)
    : executor_(std::move(executor)),
      config_(config),
      workers_(std::max(workers, 1U)),
      random_(std::random_device()()) {}

void ChangeNotifier::wake(Waiters& waiters) {
    for (auto& waiter : waiters) waiter.timer.cancel();
}

void ChangeNotifier::wake(WaitersByEnvironment& waiters, std::string_view env_id) {
    const auto found = waiters.find(std::string(env_id));
    if (found != waiters.end()) wake(found->second);
}

void ChangeNotifier::notify(std::string_view env_id) {
    wake(waiting_for_change_, env_id);
    notify_head(env_id);
}

void ChangeNotifier::notify_head(std::string_view env_id) {
    wake(waiting_for_any_news_);
    const auto found = waiting_for_news_.find(std::string(env_id));
    if (found == waiting_for_news_.end()) return;
    due_.splice(due_.end(), found->second);
    if (!is_waking_) wake_some();
}

void ChangeNotifier::wake_some() {
    for (std::size_t woken = 0; woken < woken_at_once && !due_.empty(); ++woken) {
        Waiter& waiter = due_.front();
        due_.pop_front();
        waiter.timer.cancel();
    }
    is_waking_ = !due_.empty();
    if (is_waking_) asio::post(executor_, [this] { wake_some(); });
}

void ChangeNotifier::end_streams(Millis spread) {
    ending_ = true;
    ending_spread_ = spread;
    for (auto& [env_id, waiters] : waiting_for_change_) wake(waiters);
    for (auto& [env_id, waiters] : waiting_for_news_) wake(waiters);
    wake(due_);
    wake(waiting_for_any_news_);
    wake(waiting_for_shutdown_);
}

asio::awaitable<void> ChangeNotifier::wait_for_change(std::string env_id, Millis limit) {
    return wait(waiting_for_change_[std::move(env_id)], limit);
}

asio::awaitable<void> ChangeNotifier::wait_for_news(std::string env_id, Millis limit) {
    return wait(waiting_for_news_[std::move(env_id)], limit);
}

asio::awaitable<void> ChangeNotifier::wait_for_any_news(Millis limit) { return wait(waiting_for_any_news_, limit); }

asio::awaitable<void> ChangeNotifier::wait_for_shutdown(Millis limit) { return wait(waiting_for_shutdown_, limit); }

asio::awaitable<void> ChangeNotifier::wait(Waiters& waiters, Millis limit) {
    Waiter waiter(asio::steady_timer(executor_, limit));
    waiters.push_back(waiter);
    boost::system::error_code ignored;  // the caller looks at what has changed, not at why it was woken
    auto token = asio::redirect_error(asio::use_awaitable, ignored);
    co_await waiter.timer.async_wait(std::move(token));
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

ChangeNotifier::StreamSlot::StreamSlot(ChangeNotifier& notifier, std::string key_id)
    : notifier_(notifier), key_id_(std::move(key_id)) {
    ++notifier_.streams_;
    ++notifier_.streams_by_key_[key_id_];
}

ChangeNotifier::StreamSlot::~StreamSlot() {
    --notifier_.streams_;
    if (--notifier_.streams_by_key_[key_id_] == 0) notifier_.streams_by_key_.erase(key_id_);
}

bool ChangeNotifier::has_room(std::string_view key_id) const {
    const auto found = streams_by_key_.find(std::string(key_id));
    const std::size_t with_key = found == streams_by_key_.end() ? 0 : found->second;
    return has_room() && with_key < config_.streams_per_key;
}

}  // namespace fanion::relay::serve
