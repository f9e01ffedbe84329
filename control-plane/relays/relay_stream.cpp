#include "control-plane/relays/relay_stream.hpp"

#include <algorithm>
#include <set>
#include <utility>

#include "common/net/task_group.hpp"
#include "control-plane/db/error.hpp"

namespace fanion::cp::relays {

using boost::asio::awaitable;
using std::chrono::milliseconds;
using std::chrono::steady_clock;

namespace {

constexpr std::string_view stream_headers = "X-Accel-Buffering: no\r\n";

milliseconds scaled(milliseconds duration, double factor) {
    return milliseconds(static_cast<std::int64_t>(static_cast<double>(duration.count()) * factor));
}

EndReason reason_of(const Error& error) { return error.code == Errc::timed_out ? EndReason::slow : EndReason::closed; }

}  // namespace

awaitable<net::Response> RelayStream::handle(net::Request& request, net::SseStream& stream, RelayRequest relay) {
    const auto& identity = relay.identity;
    const auto started = co_await stream.start(stream_headers);
    if (!started) co_return net::Response{};
    const std::string peer(request.peer);
    std::set<access::EnvironmentId> wanted(identity.env_ids.begin(), identity.env_ids.end());
    co_await deps_.hub.prepare_heads(std::move(wanted));
    const auto subscriber = deps_.hub.subscribe(relay);
    deps_.log.info("relay_stream_opened",
                   {{"key", identity.key_id.str()}, {"peer", peer}, {"holds", relay.have.size()}});
    const auto reason = co_await serve(*subscriber, stream);
    deps_.metrics.ended(reason).add();
    deps_.log.info("relay_stream_ended", {{"key", identity.key_id.str()}, {"peer", peer}});
    co_return net::Response{};
}

awaitable<EndReason> RelayStream::serve(Subscription& subscriber, net::SseStream& stream) {
    const auto until = steady_clock::now() + scaled(config_.lifetime, 0.8 + 0.4 * deps_.hub.random());
    auto retry = wire::format_retry(scaled(config_.retry_bound, deps_.hub.random()));
    auto hello = std::make_shared<const std::string>(std::move(retry));
    if (auto sent = co_await stream.send(std::move(hello)); !sent) co_return reason_of(sent.error());
    while (!subscriber.ended() && steady_clock::now() < until) {
        const auto done = co_await step(subscriber, stream, until);
        if (!done) co_return reason_of(done.error());
    }
    co_return subscriber.ended().value_or(EndReason::lifetime);
}

// Sends one event, or waits until there is one.
awaitable<Result<>> RelayStream::step(Subscription& subscriber, net::SseStream& stream, Deadline until) {
    if (auto entry = subscriber.outbox().pop()) co_return co_await send(stream, entry->event, std::move(entry->bytes));
    if (auto behind = subscriber.outbox().behind()) co_return co_await catch_up(subscriber, stream, std::move(*behind));
    const auto heartbeat = steady_clock::now() + config_.heartbeat + config_.heartbeat / 2;
    co_await subscriber.wait_until(std::min(until, heartbeat));
    if (steady_clock::now() < heartbeat) co_return Result<>();
    auto comment = std::make_shared<const std::string>(wire::format_comment("quiet"));
    co_return co_await stream.send(std::move(comment));
}

awaitable<Result<>> RelayStream::send(net::SseStream& stream, wire::StreamEvent event, net::SharedBytes bytes) {
    deps_.metrics.sent(event).add();
    deps_.metrics.bytes.add(bytes->size());
    co_return co_await stream.send(std::move(bytes));
}

// False when the database is unavailable and the document is not in memory.
awaitable<bool> RelayStream::find_document(publish::PublishedPtr wanted, std::optional<wire::Version> held,
                                           publish::SignedDocument& document, bool& is_delta) {
    try {
        is_delta = false;
        if (held) {
            document = co_await deps_.source.delta(wanted, *held);
            is_delta = bool(document);
        }
        if (!document) document = co_await deps_.source.full(wanted);
        co_return true;
    } catch (const db::PgError& error) {
        deps_.log.warn("relay_stream_read_failed", {{"env_id", wanted->place.env_id.str()}, {"error", error.what()}});
        co_return false;
    }
}

awaitable<Result<>> RelayStream::catch_up(Subscription& subscriber, net::SseStream& stream, Outbox::Behind behind) {
    publish::SignedDocument document;
    bool is_delta = false;
    const auto env_id = behind.env_id;
    auto wanted_version = deps_.hub.shown_to(subscriber, env_id);
    if (wanted_version) {
        const bool found = co_await find_document(std::move(wanted_version), behind.held, document, is_delta);
        if (!found) {
            co_await net::sleep_for(config_.pause_after_failure);
            co_return Result<>();
        }
    }
    std::set<access::EnvironmentId> wanted{env_id};
    co_await deps_.hub.prepare_heads(std::move(wanted));
    auto& outbox = subscriber.outbox();
    if (!outbox.has(env_id)) co_return Result<>();  // no longer granted
    if (!document) {
        outbox.park(env_id);
        co_return Result<>();
    }
    const auto newest = deps_.hub.shown_to(subscriber, env_id);
    outbox.caught_up(env_id, document.version, newest ? newest->version() : document.version);
    deps_.hub.offer_head(subscriber, env_id);
    const auto event = is_delta ? wire::StreamEvent::patch : wire::StreamEvent::put;
    auto bytes = event_of(env_id, document, is_delta);
    document = {};
    co_return co_await send(stream, event, std::move(bytes));
}

net::SharedBytes RelayStream::event_of(const access::EnvironmentId& env_id, const publish::SignedDocument& document,
                                       bool is_delta) {
    if (is_delta)
        return std::make_shared<const std::string>(
            wire::format_event(wire::StreamEvent::patch, env_id.str(), document.version, *document.bytes));
    const auto newest = deps_.catalog.find(env_id);
    auto& put = puts_[{env_id, newest && newest->version() == document.version}];
    if (auto bytes = put.bytes.lock(); bytes && put.version == document.version) return bytes;
    auto bytes = std::make_shared<const std::string>(
        wire::format_event(wire::StreamEvent::put, env_id.str(), document.version, *document.bytes));
    put = {document.version, bytes};
    return bytes;
}

}  // namespace fanion::cp::relays
