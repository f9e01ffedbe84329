#include "common/net/turns.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <list>

namespace fanion::net {

namespace asio = boost::asio;

struct Turns::State {
    bool is_taken = false;
    std::list<asio::steady_timer*> waiting;  // in order of arrival
};

namespace {

// In the list for as long as it lives.
class Waiting {
public:
    Waiting(Turns::State& state, const asio::any_io_executor& executor)
        : state_(state), timer_(executor, asio::steady_timer::time_point::max()) {
        state_.waiting.push_back(&timer_);
    }
    ~Waiting() { state_.waiting.remove(&timer_); }
    Waiting(const Waiting&) = delete;

    asio::steady_timer& timer() noexcept { return timer_; }

private:
    Turns::State& state_;
    asio::steady_timer timer_;
};

}  // namespace

Turns::Turns() : state_(std::make_shared<State>()) {}

Turns::Turn::~Turn() {
    if (!state_) return;
    state_->is_taken = false;
    if (!state_->waiting.empty()) state_->waiting.front()->cancel();
}

asio::awaitable<Turns::Turn> Turns::take(std::shared_ptr<State> state) {
    const auto executor = co_await asio::this_coro::executor;
    while (state->is_taken) {
        Waiting waiting(*state, executor);
        constexpr auto token = asio::as_tuple(asio::use_awaitable);
        co_await waiting.timer().async_wait(token);
    }
    state->is_taken = true;
    co_return Turn(std::move(state));
}

}  // namespace fanion::net
