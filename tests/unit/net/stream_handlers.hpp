#pragma once

// What tests of streams serve, and how it ended. Any thread may read an Ending.

#include <atomic>
#include <boost/asio/awaitable.hpp>
#include <memory>
#include <string>

#include "common/base/error.hpp"
#include "common/net/response.hpp"
#include "common/net/sse_stream.hpp"
#include "tests/support/eventually.hpp"

namespace fanion::test {

// How the last handler ended, and how many have begun, where they count themselves.
struct Ending {
    std::atomic<int> begun{0};
    std::atomic<bool> done{false};
    std::atomic<bool> cancelled{false};
    std::atomic<Errc> error{Errc::internal};
};

inline void await_done(const Ending& ending) {
    eventually("the handler has ended", [&ending] { return ending.done.load(); });
}

// Sends a megabyte again and again, until that fails.
inline boost::asio::awaitable<net::Response> flood(net::SseStream& stream, Ending& ending) {
    net::SharedBytes bytes = std::make_shared<const std::string>(1'000'000, 'x');
    auto sent = co_await stream.start();
    while (sent) sent = co_await stream.send(bytes);
    ending.error = sent.error().code;
    ending.done = stream.is_closed();
    co_return net::Response{};
}

}  // namespace fanion::test
