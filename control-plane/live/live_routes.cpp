#include "control-plane/live/live_routes.hpp"

#include <algorithm>
#include <chrono>
#include <memory>
#include <utility>

#include "common/base/text.hpp"
#include "common/net/sse_stream.hpp"
#include "common/wire/sse_format.hpp"
#include "control-plane/http/call.hpp"
#include "control-plane/identity/membership_store.hpp"
#include "control-plane/identity/session_store.hpp"
#include "control-plane/identity/user_store.hpp"
#include "control-plane/live/change_hub.hpp"
#include "control-plane/live/presence_routes.hpp"

namespace fanion::cp::live {
namespace {

using boost::asio::awaitable;
using std::chrono::steady_clock;

constexpr std::string_view stream_headers = "X-Accel-Buffering: no\r\n";
constexpr auto heartbeat = std::chrono::seconds(15);  // also how often the session is looked at
constexpr auto lifetime = std::chrono::minutes(30);   // clients reconnect, and load spreads over new replicas
constexpr auto reconnect_after = std::chrono::milliseconds(1'500);

Error bad_since(std::string pointer) {
    constexpr auto detail = "the number of a change: the id of the last event that was received";
    return {Errc::invalid_input, detail, {{"", std::move(pointer), "malformed", detail}}};
}

// Last-Event-ID, which browsers send by themselves when they reconnect, before ?since=.
Result<std::optional<std::uint64_t>> read_since(const http::Call& call) {
    const auto header = call.request.header("Last-Event-ID");
    const auto query = call.request.query("since");
    if (header.empty() && !query) return std::optional<std::uint64_t>();
    const auto since = parse_u64(header.empty() ? std::string_view(*query) : header);
    if (!since || *since > INT64_MAX - 1) return bad_since(header.empty() ? "?since" : "Last-Event-ID");
    return std::optional<std::uint64_t>(*since);
}

// Whether the session goes on and its person still belongs here. Throws PgError.
awaitable<bool> may_still_watch(http::Call& call) {
    auto tx = co_await call.services.pool.begin(db::Scope::none(), db::Mode::snapshot);
    const auto live = co_await identity::find_live_session(tx, call.principal.session_id, call.now());
    const auto user = co_await identity::find_user(tx, call.principal.user_id);
    if (!live || !user || user->is_disabled) co_return false;
    auto membership = co_await identity::find_membership(tx, call.principal.user_id, call.org.key);
    if (!membership || membership->org_id != call.org.org_id || !call.principal.enters(*membership)) co_return false;
    if (membership->lacks_second_factor) co_return false;
    call.org = std::move(*membership);
    call.permissions = call.permissions_at({}, {});
    co_return true;
}

// An event has no states: what may be known of the resource decides.
bool may_see(const http::Call& call, const Change& change) { return call.may_read(change.resource); }

awaitable<Result<>> send_text(net::SseStream& stream, std::string text) {
    auto bytes = std::make_shared<const std::string>(std::move(text));
    co_return co_await stream.send(std::move(bytes));
}

// False when the client is gone.
awaitable<bool> send_batch(http::Call& call, net::SseStream& stream, const ChangeHub::Batch& batch,
                           const Subscription& subscriber) {
    if (batch.has_gap) {
        const auto from = batch.changes.empty() ? subscriber.position : batch.changes.front()->seq - 1;
        const auto sent = co_await send_text(stream, reset_event(from));
        if (!sent) co_return false;
    }
    for (const auto& change : batch.changes) {
        if (!may_see(call, *change)) continue;
        auto bytes = change->event;
        const auto sent = co_await stream.send(std::move(bytes));
        if (!sent) co_return false;
        call.services.live.metrics().events.add();
    }
    co_return true;
}

// Of each resource the people that are there now. False when the client is gone.
awaitable<bool> send_presence(http::Call& call, net::SseStream& stream, Subscription& subscriber) {
    const auto resources = subscriber.take_presence();
    for (const auto& resource : resources) {
        if (!call.may_read(resource)) continue;
        const auto text = co_await presence_text(call, resource);
        const auto sent = co_await send_text(stream, "event: presence\ndata: " + text + "\n\n");
        if (!sent) co_return false;
    }
    co_return true;
}

// Sends what is new, or waits. False when the stream is over.
awaitable<bool> step(http::Call& call, net::SseStream& stream, Subscription& subscriber,
                     steady_clock::time_point& next_check) {
    const auto batch = co_await call.services.live.next(subscriber);
    const bool is_empty = batch.changes.empty() && !batch.has_gap;
    const bool is_due = steady_clock::now() >= next_check;
    if (subscriber.take_doubt() || is_due) {
        const bool may_watch = co_await may_still_watch(call);
        if (!may_watch) co_return false;
        if (is_due) next_check = steady_clock::now() + heartbeat;
        if (is_due && is_empty) {
            const auto sent = co_await send_text(stream, wire::format_comment("quiet"));
            if (!sent) co_return false;
        }
    }
    if (!is_empty) co_return co_await send_batch(call, stream, batch, subscriber);
    if (subscriber.has_presence()) co_return co_await send_presence(call, stream, subscriber);
    co_await subscriber.wait_until(next_check);
    co_return !subscriber.has_ended() && !stream.is_closed();
}

awaitable<void> serve(http::Call& call, net::SseStream& stream, Subscription& subscriber) {
    const auto hello = co_await send_text(stream, wire::format_retry(reconnect_after));
    if (!hello) co_return;
    const auto until = steady_clock::now() + lifetime;
    auto next_check = steady_clock::now() + heartbeat;
    for (bool goes_on = true; goes_on && steady_clock::now() < until;) {
        goes_on = co_await step(call, stream, subscriber, next_check);
    }
}

// EventSource asks for the stream by name, and so does who takes anything.
bool wants_page(const http::Call& call) noexcept {
    const auto accepted = call.request.header("Accept");
    return accepted.find("application/json") != std::string_view::npos &&
           accepted.find("text/event-stream") == std::string_view::npos;
}

// What has been since the subscriber's position, at once: for who cannot keep a stream open.
awaitable<net::Response> answer_page(http::Call& call, Subscription& subscriber) {
    constexpr std::size_t most = 1'000;
    std::string items;
    bool has_gap = false;
    for (std::size_t count = 0; count < most;) {
        const auto batch = co_await call.services.live.next(subscriber);
        has_gap = has_gap || batch.has_gap;
        if (batch.changes.empty()) break;
        count += batch.changes.size();
        for (const auto& change : batch.changes) {
            if (!may_see(call, *change)) continue;
            if (!items.empty()) items += ',';
            items += data_of(*change);
        }
    }
    co_return net::json_response("{\"changes\":[" + items + "],\"reset\":" + (has_gap ? "true" : "false") +
                                 ",\"seq\":" + std::to_string(subscriber.position) + '}');
}

http::Answer stream_changes(http::Call& call, net::SseStream& stream) {
    const auto since = read_since(call);
    if (!since) co_return since.error();
    auto subscriber = co_await call.services.live.subscribe(call.org.org_id, call.principal.user_id, *since);
    if (!subscriber) co_return subscriber.error();
    if (wants_page(call)) co_return co_await answer_page(call, **subscriber);
    const auto started = co_await stream.start(stream_headers);
    if (!started) co_return net::Response{};
    try {
        co_await serve(call, stream, **subscriber);
    } catch (const db::PgError& error) {  // the client reconnects, and resumes
        call.services.log.warn("live_stream_failed", {{"error", error.what()}});
    }
    co_return net::Response{};
}

using access::Permission;
using net::Method;

constexpr http::Route live_table[] = {
    {Method::get, "/api/v1/orgs/{org}/events", Permission::member, nullptr, "since", http::PatchForms::merge,
     http::Caller::session, stream_changes},
};

}  // namespace

std::span<const http::Route> live_routes() noexcept { return live_table; }

}  // namespace fanion::cp::live
