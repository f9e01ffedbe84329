#include "relay/upstream/stream_client.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/use_awaitable.hpp>

namespace fanion::relay::upstream {

namespace asio = boost::asio;

StreamClient::StreamClient(asio::any_io_executor executor, ReconnectParameters reconnect,
                           std::chrono::milliseconds idle, StreamClientDeps services)
    : services_(services), reconnect_(reconnect), idle_(idle), timer_(std::move(executor)) {}

asio::awaitable<void> StreamClient::run() {
    for (;;) {
        services_.upstreams.select(reconnect_.upstream());
        co_await connect_and_read();
        co_await pause();
    }
}

// Waits until the next stream is due, and polls meanwhile when Reconnect says so.
asio::awaitable<void> StreamClient::pause() {
    for (bool polling = true; polling;) {
        const auto step = reconnect_.next(random());
        polling = step.poll;
        state_.polling = polling;
        const auto token = asio::as_tuple(asio::use_awaitable);
        timer_.expires_after(step.wait);
        co_await timer_.async_wait(token);
        if (!polling) co_return;
        const bool reached = co_await services_.polls.poll();
        reconnect_.on_polled(reached);
    }
}

asio::awaitable<void> StreamClient::connect_and_read() {
    net::ClientRequest request;
    request.target = "/relay/v1/stream";
    request.headers.emplace_back("Accept", "text/event-stream");
    request.headers.emplace_back(std::string(wire::have_header), wire::format_have(services_.synchroniser.have()));
    auto opened = co_await services_.upstreams.open_stream(std::move(request));
    if (!opened) {
        record_failed(false, opened.error().detail);
        co_return;
    }
    const auto stream = std::move(*opened);
    const auto status = stream->status();
    if (status == 401 || status == 403) {
        record_refused(status);
        co_return;
    }
    if (status != 200) {
        record_failed(false, "status " + std::to_string(status));
        co_return;
    }
    services_.metrics.streams_opened.add();
    set_connected(true);
    const auto ended = co_await read_until_closed(*stream);
    set_connected(false);
    if (ended) {
        reconnect_.on_closed(parser_.retry());
    } else {
        record_failed(true, ended.error().detail);
    }
}

asio::awaitable<Result<>> StreamClient::read_until_closed(net::ResponseStream& stream) {
    parser_.reset();
    co_await services_.synchroniser.on_connected();
    std::string bytes;
    std::vector<wire::SseEvent> events;
    for (;;) {
        bytes.clear();
        const auto more = co_await stream.read_some(bytes, idle_);
        if (!more) co_return more.error();
        if (!*more) co_return Result<>();
        reconnect_.on_data();
        const auto fed = parser_.feed(bytes, events);
        for (auto& event : events) {
            wire::SseEvent next = std::move(event);
            co_await services_.synchroniser.on_event(std::move(next));
        }
        events.clear();
        if (!fed) co_return fed.error();
    }
}

void StreamClient::record_refused(unsigned status) {
    services_.metrics.refused.add();
    state_.refused = true;
    state_.last_error = "the relay key was rejected with status " + std::to_string(status);
    services_.log.warn("upstream_refused", {{"upstream", services_.upstreams.origin()}, {"status", status}});
    reconnect_.on_refused();
}

void StreamClient::record_failed(bool opened, const std::string& error) {
    services_.metrics.streams_failed.add();
    // One line per change of state: a control plane that is unavailable for a day must not fill the log.
    if (opened || state_.last_error != error) {
        services_.log.warn("upstream_failed", {{"upstream", services_.upstreams.origin()}, {"error", error}});
    }
    state_.last_error = error;
    reconnect_.on_failed(opened);
}

void StreamClient::set_connected(bool connected) {
    state_.connected = connected;
    state_.since = services_.clock.now();
    if (connected) {
        state_.refused = false;
        state_.last_error.clear();
    }
    services_.metrics.connected.set(connected ? 1 : 0);
    services_.log.info(connected ? "upstream_connected" : "upstream_disconnected",
                       {{"upstream", services_.upstreams.origin()}});
}

void StreamClient::on_credential_changed() {
    reconnect_.on_credential_changed();
    timer_.cancel();
}

}  // namespace fanion::relay::upstream
