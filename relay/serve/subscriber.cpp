#include "relay/serve/subscriber.hpp"

#include <algorithm>

#include "common/wire/have.hpp"
#include "common/wire/sse_format.hpp"
#include "relay/rulesets/cursor.hpp"
#include "relay/serve/open_stream.hpp"
#include "relay/serve/stream_tokens.hpp"

namespace fanion::relay::serve {
namespace asio = boost::asio;

Subscriber subscriber_of(const net::Request& request, const Caller& caller, UnixMillis now) {
    const auto last_event_id = request.header("Last-Event-ID");
    const auto& env_id = caller.environment->env_id;
    return {.env_id = env_id,
            .key_id = caller.key->id,
            .announced = std::string(last_event_id),
            .needs_url = is_expired(request.query("token").value_or(""), now),
            .digest = std::nullopt,
            .held = rulesets::held_version(request.header(wire::have_header), last_event_id, env_id),
            .key_sha256 = caller.key->sha256,
            .have = std::string(request.header(wire::have_header))};
}

Caller current_caller(WorkerDeps& services, const Subscriber& subscriber) {
    return current_caller(services, subscriber.env_id, subscriber.key_id);
}

cache::EnvironmentStatePtr shared_environment(const Caller& caller) {
    return caller.environment ? caller.environment->shared_from_this() : nullptr;
}

ChangeNotifier::Millis until_expiry(const Caller& caller, UnixMillis now, ChangeNotifier::Millis wait) {
    const auto& not_after = caller.key->not_after;
    return not_after ? std::min(wait, ChangeNotifier::Millis(std::max<UnixMillis>(*not_after - now, 0))) : wait;
}

UnixMillis stream_end(WorkerDeps& services) {
    const auto lifetime = services.config.stream_lifetime;
    return services.clock.now() + (lifetime * 4 / 5 + services.notifier.random_below(lifetime * 2 / 5)).count();
}

asio::awaitable<void> send_retry(WorkerDeps& services, net::SseStream& stream) {
    const auto spread = services.notifier.ending_spread();
    const auto delay = services.notifier.random_below(spread);
    co_await services.notifier.wait_for_shutdown(delay);
    const ChangeNotifier::Millis shortest(500);
    const auto retry = shortest + services.notifier.random_below(ChangeNotifier::Millis(4'500));
    net::SharedBytes bytes = std::make_shared<const std::string>(wire::format_retry(retry));
    co_await stream.send(std::move(bytes));
}

}  // namespace fanion::relay::serve
