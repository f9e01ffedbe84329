#include "control-plane/relays/subscription.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <utility>

#include "control-plane/relays/stream_hub.hpp"

namespace fanion::cp::relays {

namespace asio = boost::asio;

Subscription::Subscription(StreamHub& hub, asio::any_io_executor executor, const RelayRequest& relay,
                           std::size_t queue_bytes)
    : hub_(hub), identity_(relay.identity), labels_(relay.labels), outbox_(queue_bytes), timer_(executor) {}

Subscription::~Subscription() { hub_.unsubscribe(*this); }

void Subscription::end(EndReason reason) {
    if (!end_reason_) end_reason_ = reason;
    wake();
}

asio::awaitable<void> Subscription::wait_until(std::chrono::steady_clock::time_point deadline) {
    timer_.expires_at(deadline);
    constexpr auto token = asio::as_tuple(asio::use_awaitable);
    co_await timer_.async_wait(token);
}

}  // namespace fanion::cp::relays
