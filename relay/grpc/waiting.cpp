// The calls that wait: streams, and what the blocking pool makes.

#include <algorithm>
#include <boost/asio/as_tuple.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <chrono>

#include "relay/grpc/exchange.hpp"
#include "relay/serve/open_stream.hpp"

namespace fanion::relay::grpc {
namespace asio = boost::asio;
using serve::Outcome;
using serve::ServeRoute;
using Millis = serve::ChangeNotifier::Millis;

namespace {

constexpr auto write_timeout = std::chrono::seconds(10);  // as of a connection (net::ServerLimits)

Status no_longer_valid() { return {Code::unauthenticated, "the key is no longer valid"}; }
Status not_taken() { return {Code::unavailable, "the client took no message"}; }

}  // namespace

WorkerExchange::StatusAwaitable WorkerExchange::run_waiting() {
    co_await asio::this_coro::throw_if_cancelled(false);
    const auto self = shared_from_this();
    const auto rpc = methods()[incoming_.method].rpc;
    auto running = rpc == Rpc::event_stream ? run_events() : rpc == Rpc::sync_flags ? run_sync() : fetch_flags();
    co_return co_await std::move(running);
}

WorkerExchange::StatusAwaitable WorkerExchange::run_events() {
    auto& services = worker_.services;
    auto& notifier = services.notifier;
    const auto admission = serve::admit_stream(services, request_, serve::Credential::any_key);
    auto status = ended(ServeRoute::flagd_stream, admission);
    if (!admission) co_return status;
    const std::string env_id = admission.caller.environment->env_id;
    const std::string key_id = admission.caller.key->id;
    const serve::OpenStream open(services, key_id);
    auto known = state_of(env_id);
    if (!known) co_return no_longer_valid();
    std::string next = event_message("provider_ready");
    auto sent_at = std::chrono::steady_clock::now();
    while (!is_cancelled_ && !notifier.is_ending()) {
        if (next.empty()) {
            const auto due = sent_at + services.config.stream_keep_alive;
            const auto left = std::chrono::ceil<Millis>(due - std::chrono::steady_clock::now());
            const auto caller = serve::current_caller(services, env_id, key_id);
            if (!caller.key) co_return no_longer_valid();
            const bool is_changed = caller.environment->serial != known->serial;
            if (!is_changed && left.count() > 0) {
                std::string waited_for = env_id;
                co_await notifier.wait_for_change(std::move(waited_for), left);
                continue;
            }
            if (left.count() <= 0) next = event_message("keep_alive");
            if (is_changed) {
                const auto delay = notifier.jitter();
                co_await notifier.wait_for_shutdown(delay);  // one message covers the changes during the delay
                const auto changed = serve::current_caller(services, env_id, key_id);
                if (!changed.key) co_return no_longer_valid();
                const auto kind = changed.key->kind;
                auto state = state_of(env_id);
                if (!state) co_return no_longer_valid();
                auto making = announcement(known, state, kind);
                const auto message = co_await std::move(making);
                if (!message->empty()) next = *message;
                std::swap(known, state);
                auto releasing = release(std::move(state));
                co_await std::move(releasing);
            }
            continue;
        }
        auto sending = send(std::move(next));
        const bool is_sent = co_await std::move(sending);
        if (!is_sent) co_return not_taken();
        next.clear();
        sent_at = std::chrono::steady_clock::now();
    }
    auto ending = end_with_spread();
    co_return co_await std::move(ending);
}

WorkerExchange::StatusAwaitable WorkerExchange::run_sync() {
    auto& services = worker_.services;
    auto& notifier = services.notifier;
    const auto admission = serve::admit_stream(services, request_, serve::Credential::server_key);
    auto status = ended(ServeRoute::flagd_sync, admission);
    if (!admission) co_return status;
    const std::string env_id = admission.caller.environment->env_id;
    const std::string key_id = admission.caller.key->id;
    const serve::OpenStream open(services, key_id);
    std::shared_ptr<const std::string> held;  // what the client has
    Sha256 digest{};
    while (!is_cancelled_ && !notifier.is_ending()) {
        const auto caller = serve::current_caller(services, env_id, key_id);
        if (!caller.key) co_return no_longer_valid();
        if (held && caller.environment->digests.all == digest) {
            std::string waited_for = env_id;
            const Millis limit = services.config.stream_keep_alive;
            co_await notifier.wait_for_change(std::move(waited_for), limit);
            const auto delay = notifier.jitter();
            const auto changed = serve::current_caller(services, env_id, key_id);
            const bool has_news = changed.key && changed.environment->digests.all != digest;
            if (has_news) co_await notifier.wait_for_shutdown(delay);
            continue;
        }
        auto state = state_of(env_id);
        if (!state) co_return no_longer_valid();
        digest = state->digests.all;
        auto making = flags_of(std::move(state));
        held = co_await std::move(making);
        if (is_cancelled_) break;
        auto sending = send(flags_message(*held));
        const bool is_sent = co_await std::move(sending);
        if (!is_sent) co_return not_taken();
    }
    auto ending = end_with_spread();
    co_return co_await std::move(ending);
}

WorkerExchange::StatusAwaitable WorkerExchange::fetch_flags() {
    const auto admission = admit(serve::Credential::server_key);
    auto status = ended(ServeRoute::flagd_sync, admission);
    if (!admission) co_return status;
    const std::string env_id = admission.caller.environment->env_id;
    auto state = state_of(env_id);
    if (!state) co_return no_longer_valid();
    auto making = flags_of(std::move(state));
    const auto flags = co_await std::move(making);
    call_->write(flags_message(*flags));
    co_return status;
}

// Clients come back after an error, not after a stream that ends well. Their returns are spread.
WorkerExchange::StatusAwaitable WorkerExchange::end_with_spread() {
    auto& notifier = worker_.services.notifier;
    const auto delay = notifier.random_below(notifier.ending_spread());
    if (!is_cancelled_) co_await notifier.wait_for_shutdown(delay);
    co_return Status{Code::unavailable, "the relay is stopping"};
}

asio::awaitable<std::shared_ptr<const std::string>> WorkerExchange::flags_of(cache::EnvironmentStatePtr state) {
    // Let go of on the pool: the last one frees the ruleset, and the work is copied.
    const auto held = std::make_shared<cache::EnvironmentStatePtr>(std::move(state));
    auto making = shared_.pool.compute([sets = &shared_.flag_sets, held] {
        auto json = sets->get(**held);
        held->reset();
        return json;
    });
    co_return co_await std::move(making);
}

// The caller keeps both states.
asio::awaitable<std::shared_ptr<const std::string>> WorkerExchange::announcement(cache::EnvironmentStatePtr before,
                                                                                 cache::EnvironmentStatePtr after,
                                                                                 model::AccessEntry::Kind kind) {
    auto making = shared_.pool.compute(
        [all = &shared_.announcements, before, after, kind] { return all->message(*before, *after, kind); });
    co_return co_await std::move(making);
}

// The last one to let go of a ruleset frees it, which takes long.
asio::awaitable<void> WorkerExchange::release(cache::EnvironmentStatePtr state) {
    const auto held = std::make_shared<cache::EnvironmentStatePtr>(std::move(state));
    if (held->use_count() > 1) co_return;
    std::function<void()> let_go = [held] { held->reset(); };
    co_await shared_.pool.run(std::move(let_go));
}

asio::awaitable<bool> WorkerExchange::send(std::string message) {
    is_taken_ = false;
    taken_timer_.expires_after(write_timeout);
    call_->write(std::move(message));
    co_await taken_timer_.async_wait(asio::as_tuple(asio::use_awaitable));
    if (!is_taken_) call_->cut();
    co_return is_taken_;
}

// Null if the environment is no longer held. A caller that was looked up before is not valid any more.
cache::EnvironmentStatePtr WorkerExchange::state_of(std::string_view env_id) {
    const auto* serving = worker_.services.serving.get();
    const auto* found = serving ? serving->find_environment(env_id) : nullptr;
    if (!found) return nullptr;
    const auto& all = serving->environments;
    return *std::find_if(all.begin(), all.end(), [found](const auto& state) { return state.get() == found; });
}

}  // namespace fanion::relay::grpc
