#pragma once

// A request that is answered by a stream or after a wait, on the relay's event loop; and rulesets
// with other keys.

#include <catch2/catch.hpp>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "common/net/request_builder.hpp"
#include "tests/support/catch_result.hpp"
#include "tests/support/run_coroutine.hpp"
#include "tests/unit/relay/serve/served_relay.hpp"

namespace fanion::test {

// The client key may have rules.
inline Items items_with_client_rules() {
    auto items = standard_items();
    for (auto& [key, body] : items) {
        if (key == "access/cli") body.insert(body.size() - 1, R"(,"rules":true)");
    }
    return items;
}

inline Items items_without(std::string_view key) {
    auto items = standard_items();
    std::erase_if(items, [key](const auto& item) { return item.first == key; });
    return items;
}

// With a header Upgrade the stream is a WebSocket.
class Running {
public:
    Running(ServedRelay& relay, std::string target, std::vector<std::pair<std::string, std::string>> headers = {},
            std::string_view key = server_key)
        : relay_(relay),
          target_(std::move(target)),
          headers_(std::move(headers)),
          bearer_("Bearer " + std::string(key)) {
        net::RequestBuilder::clear(request_);
        request_.method = net::Method::get;
        REQUIRE(net::RequestBuilder::set_target(request_, target_));
        if (!key.empty()) net::RequestBuilder::add_header(request_, "Authorization", bearer_);
        for (const auto& [name, value] : headers_) net::RequestBuilder::add_header(request_, name, value);
        stream.websocket = !request_.header("Upgrade").empty();
        const auto match = relay.router.match(request_);
        REQUIRE(match.route);
        auto run = match.route->stream ? match.route->stream(request_, stream) : match.route->async(request_);
        boost::asio::co_spawn(relay.context, std::move(run),
                              [this](std::exception_ptr failure, net::Response response) {
                                  REQUIRE_FALSE(failure);
                                  answer = answer_of(response);
                                  ended = true;
                              });
    }

    void until_sent(std::size_t count) {
        run_until(relay_.context, [&] { return stream.sent.size() >= count || ended; });
        REQUIRE(stream.sent.size() == count);
    }
    void until_ended() {
        run_until(relay_.context, [&] { return ended; });
    }
    // Runs what is ready, without waiting for a timer.
    void settle() {
        relay_.context.restart();
        relay_.context.poll();
    }
    void close() {
        stream.closed = true;
        relay_.services->notifier.notify("e_test");
        until_ended();
    }

    RecordingStream stream;
    Answer answer;
    bool ended = false;

private:
    ServedRelay& relay_;
    std::string target_;
    std::vector<std::pair<std::string, std::string>> headers_;
    std::string bearer_;
    net::Request request_;
};

}  // namespace fanion::test
