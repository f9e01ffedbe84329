#pragma once

// The stream side of an installation, and relays that read it without a socket.

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <map>
#include <memory>

#include "common/net/request_builder.hpp"
#include "common/net/router.hpp"
#include "common/net/task_group.hpp"
#include "common/wire/sse_parser.hpp"
#include "control-plane/relays/relay_routes.hpp"
#include "tests/integration/control-plane/publish/installation.hpp"

namespace fanion::test {

using namespace std::chrono_literals;
using boost::asio::awaitable;
using test::Receiver;

// The reading side of a stream: parses the events and keeps the state of a relay. If `stalled`, it
// reads nothing.
class FakeRelay final : public net::SseStream {
public:
    FakeRelay(boost::asio::any_io_executor executor, const wire::TrustDocument& trust)
        : trust_(trust), gate_(executor) {}

    awaitable<Result<>> start(std::string_view, std::string_view, net::BodyEnd) override {
        started = true;
        co_return Result<>();
    }
    awaitable<Result<>> send(net::SharedBytes bytes) override {
        while (stalled && !closed) {
            gate_.expires_at(std::chrono::steady_clock::time_point::max());
            constexpr auto token = boost::asio::as_tuple(boost::asio::use_awaitable);
            co_await gate_.async_wait(token);
        }
        if (closed) co_return Error{Errc::network, "closed"};
        std::vector<wire::SseEvent> parsed;
        if (!parser_.feed(*bytes, parsed)) throw std::runtime_error("not a stream of events");
        for (const auto& event : parsed) take(event);
        co_return Result<>();
    }
    awaitable<Result<>> finish() override { co_return Result<>(); }
    bool is_closed() const noexcept override { return closed; }

    void release() {
        stalled = false;
        gate_.cancel();
    }
    void close() {
        closed = true;
        gate_.cancel();
    }
    wire::Version version(const std::string& env_id) const {
        const auto at = held.find(env_id);
        return at == held.end() ? wire::Version{} : at->second.version();
    }
    // Events of one environment, in order: "put patch head".
    std::string heard(const std::string& env_id) const {
        std::string out;
        for (const auto& [env, event] : events)
            if (env == env_id) out += (out.empty() ? "" : " ") + event;
        return out;
    }

    bool started = false;
    bool stalled = false;
    bool closed = false;
    std::vector<std::pair<std::string, std::string>> events;
    std::map<std::string, Receiver> held;
    std::vector<std::string> rejections;

private:
    void take(const wire::SseEvent& event) {
        const auto env_id = event.id.substr(0, event.id.find(':'));
        events.emplace_back(env_id, event.event);
        if (event.event == "head" || event.event == "revoked") {
            const auto code = outcome(wire::accept_head(event.data, trust_, {}));
            if (!code.empty()) rejections.push_back(code);
            if (event.event == "revoked") held.erase(env_id);
            return;
        }
        const auto code = held.try_emplace(env_id, trust_).first->second.take(event.data);
        if (!code.empty()) rejections.push_back(code);
    }

    const wire::TrustDocument& trust_;
    boost::asio::steady_timer gate_;
    wire::SseParser parser_;
};

struct Streaming : Installation {
    Streaming() {
        seen.other = &hub;
        tasks.spawn("feed", feed.run(listener, 200ms));
        tasks.spawn("heads", hub.run_heads());
        tasks.spawn("grants", hub.run_grants());
        run_until([&] { return feed.is_primed() && listener.is_connected(); });
        cp::relays::add_routes(router, {stream_api, document_api, status_api});
    }
    ~Streaming() {
        for (auto& relay : relays) relay->close();
        hub.end_all(cp::relays::EndReason::shutdown);
        tasks.request_stop();
        run(tasks.join(5s));
    }

    static cp::relays::HubConfig hub_config() {
        cp::relays::HubConfig config;
        config.head_interval = 1h;  // heads are sent only with a change or a new connection
        config.grant_interval = 100ms;
        config.queue_bytes = 8 * 1024;
        return config;
    }

    // Sends a request through the router and returns the handler's response.
    net::Response request(net::Method method, std::string target, std::string key,
                          std::vector<std::pair<std::string, std::string>> headers = {}, std::string body = "") {
        return run(answer(method, target, key, headers, body, nullptr));
    }
    // Opens a stream in the background.
    FakeRelay& connect(std::string key, std::string have = "", std::string labels = "") {
        relays.push_back(std::make_unique<FakeRelay>(context.get_executor(), signer.trust().newest()));
        tasks.spawn("stream", read_stream(key, have, labels, *relays.back()));
        return *relays.back();
    }

    awaitable<net::Response> answer(net::Method method, std::string target, std::string key,
                                    std::vector<std::pair<std::string, std::string>> headers, std::string body,
                                    net::SseStream* sse) {
        net::Request request;
        request.method = method;
        net::RequestBuilder::set_target(request, target);
        if (!key.empty()) headers.emplace_back("Authorization", "Bearer " + key);
        for (const auto& [name, value] : headers) net::RequestBuilder::add_header(request, name, value);
        request.body = body;
        const auto match = router.match(request);
        if (!match.route) co_return net::problem(match.status, "no route", "");
        if (sse) co_return co_await match.route->stream(request, *sse);
        co_return co_await match.route->async(request);
    }
    awaitable<void> read_stream(std::string key, std::string have, std::string labels, FakeRelay& relay) {
        std::vector<std::pair<std::string, std::string>> headers{{"Fanion-Have", have}, {"Fanion-Labels", labels}};
        const auto response = co_await answer(net::Method::get, "/relay/v1/stream", key, headers, "", &relay);
        if (!relay.started) last_refusal = response.status;
        ++ended;
    }

    cp::keys::RelayKeys keys{pool};
    cp::relays::Metrics metrics{registry};
    cp::relays::StreamHub hub{
        context.get_executor(), {catalog, signer, blocking, keys, clock, metrics, publish_metrics, log}, hub_config()};
    cp::relays::RelayStream relay_stream{{hub, source, catalog, metrics, log}};
    cp::relays::RelayAuthenticator authenticator{{keys, feed, clock, metrics}};
    cp::relays::StreamApi stream_api{{authenticator, pool, catalog, relay_stream, hub}};
    cp::relays::DocumentApi document_api{{authenticator, catalog, source, signer.trust()}};
    cp::relays::StatusApi status_api{{authenticator, pool, clock, metrics}};
    net::Router router;
    cp::db::Listener listener{context.get_executor(), app_config(), {cp::publish::changes_channel}, log};
    net::TaskGroup tasks{context.get_executor(), log};
    std::vector<std::unique_ptr<FakeRelay>> relays;
    unsigned last_refusal = 0;
    int ended = 0;
};

}  // namespace fanion::test
