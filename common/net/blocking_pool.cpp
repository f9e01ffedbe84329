#include "common/net/blocking_pool.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/use_awaitable.hpp>

namespace fanion::net {

namespace asio = boost::asio;

namespace {

asio::awaitable<void> run_here(std::function<void()> work) {
    work();
    co_return;
}

}  // namespace

asio::awaitable<void> BlockingPool::run(std::function<void()> work) {
    auto task = run_here(std::move(work));
    co_await asio::co_spawn(pool_.get_executor(), std::move(task), asio::use_awaitable);
}

}  // namespace fanion::net
