#include "relay/upstream/stream_client.hpp"

#include <algorithm>
#include <boost/asio/as_tuple.hpp>
#include <boost/asio/cancellation_type.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <utility>

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
    const auto state = co_await asio::this_coro::cancellation_state;
    if (state.cancelled() != asio::cancellation_type::none) co_return;  // the relay stops: no failure
    if (ended) {
        reconnect_.on_closed(parser_.retry());
    } else {
        record_failed(true, ended.error().detail);
    }
}

namespace {

Error no_head() { return {Errc::timed_out, "the stream brings no valid head"}; }

// Whatever answered, a captive portal for one, another upstream may know more.
Error no_document() { return {Errc::network, "the stream ended without a valid document"}; }

}  // namespace

// While no environment is held no head is due: comments may keep a stream open for longer, but not for ever, because
// another upstream may have the first ruleset.
std::chrono::milliseconds StreamClient::longest_silence() const {
    return services_.synchroniser.held().empty() ? 4 * idle_ : idle_;
}

asio::awaitable<Result<>> StreamClient::read_until_closed(net::ResponseStream& stream) {
    parser_.reset();
    co_await services_.synchroniser.on_connected();
    std::string bytes;
    std::vector<wire::SseEvent> events;
    std::chrono::steady_clock::duration silence{0};  // time waited since the last valid document
    const auto accepted = services_.synchroniser.accepted();
    for (;;) {
        bytes.clear();
        const auto began = std::chrono::steady_clock::now();
        const auto left = std::chrono::ceil<std::chrono::milliseconds>(longest_silence() - silence);
        const auto more = co_await stream.read_some(bytes, std::min(idle_, left));
        if (!more && more.error().code == Errc::timed_out) co_return no_head();
        if (!more) co_return more.error();
        if (!*more && services_.synchroniser.accepted() == accepted) co_return no_document();
        if (!*more) co_return Result<>();
        silence += std::chrono::steady_clock::now() - began;
        reconnect_.on_data();
        const auto fed = parser_.feed(bytes, events);
        for (auto& event : events) {
            const auto before = services_.synchroniser.accepted();
            wire::SseEvent next = std::move(event);
            co_await services_.synchroniser.on_event(std::move(next));
            if (services_.synchroniser.accepted() != before) {
                silence = {};
                record_accepted();
            }
            if (services_.synchroniser.is_useless())
                co_return Error{Errc::network, "the stream brings only documents that are rejected"};
        }
        events.clear();
        if (!fed) co_return fed.error();
        if (silence >= longest_silence()) co_return no_head();
    }
}

void StreamClient::record_accepted() {
    reconnect_.on_accepted();
    logged_failures_.erase(services_.upstreams.origin());
    if (!connected_logged_) log_connected();
}

void StreamClient::record_refused(unsigned status) {
    services_.metrics.refused.add();
    state_.refused = true;
    state_.last_error = "the relay key was rejected with status " + std::to_string(status);
    log_failed("upstream_refused", state_.last_error);
    reconnect_.on_refused();
}

void StreamClient::record_failed(bool opened, const std::string& error) {
    services_.metrics.streams_failed.add();
    state_.last_error = error;
    log_failed("upstream_failed", error);
    reconnect_.on_failed(opened);
}

void StreamClient::log_failed(const char* event, const std::string& error) {
    auto& logged = logged_failures_[services_.upstreams.origin()];
    if (logged == error) return;
    logged = error;
    services_.log.warn(event, {{"upstream", services_.upstreams.origin()}, {"error", error}});
}

// A stream of an upstream that failed before is logged once it has delivered a valid document.
void StreamClient::set_connected(bool connected) {
    state_.connected = connected;
    state_.since = services_.clock.now();
    services_.metrics.connected.set(connected ? 1 : 0);
    if (connected) {
        state_.refused = false;
        state_.last_error.clear();
        if (!logged_failures_.contains(services_.upstreams.origin())) log_connected();
    } else if (std::exchange(connected_logged_, false)) {
        services_.log.info("upstream_disconnected", {{"upstream", services_.upstreams.origin()}});
    }
}

void StreamClient::log_connected() {
    connected_logged_ = true;
    services_.log.info("upstream_connected", {{"upstream", services_.upstreams.origin()}});
}

void StreamClient::on_credential_changed() {
    logged_failures_.clear();
    reconnect_.on_credential_changed();
    timer_.cancel();
}

}  // namespace fanion::relay::upstream
