#include "control-plane/app/serving.hpp"

#include <algorithm>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/use_awaitable.hpp>

#include "common/net/run_on.hpp"

namespace fanion::cp::app {

namespace asio = boost::asio;
using asio::awaitable;
using std::chrono::milliseconds;
using std::chrono::steady_clock;

Serving::Serving(ServingDeps deps, Config config, std::string conninfo, publish::Instance instance)
    : deps_(deps),
      config_(std::move(config)),
      conninfo_(std::move(conninfo)),
      shared_(deps.registry, config_, std::move(instance)),
      services_(deps.workers.size()) {}

awaitable<void> Serving::start(Keys keys) {
    for (unsigned thread = 0; thread < services_.size(); ++thread) {
        const ServiceDeps deps{deps_.workers.context(thread).get_executor(),
                               deps_.blocking,
                               deps_.registry,
                               deps_.clock,
                               deps_.log,
                               deps_.tracing};
        std::function<void()> make = [this, deps, thread, keys] {
            services_[thread] = std::make_unique<Services>(deps, shared_, config_, conninfo_, keys);
            services_[thread]->start();
            if (thread > 0) return;
            background_ = std::make_unique<Background>(deps, config_, conninfo_, *services_[thread], deps_.sinks);
            background_->start();
        };
        co_await net::run_on(deps.executor, std::move(make));
    }
}

// No thread signs access tokens with a new key before all know it: a client may send the next request to any of them.
awaitable<void> Serving::replace_keys(Keys keys) {
    const auto& before = services_.front()->keys();
    const bool has_new_jwt = before.jwt.public_key().kid() != keys.jwt.public_key().kid();
    const auto version = keys.signer.trust().newest().version;
    const bool has_new_trust = version != trust_version();
    for (const auto& each : services_) {
        std::function<void()> expect = [services = each.get(), keys] { services->expect_key(keys.jwt); };
        co_await net::run_on(each->executor(), std::move(expect));
    }
    for (const auto& each : services_) {
        std::function<void()> replace = [services = each.get(), keys] { services->replace_keys(keys); };
        co_await net::run_on(each->executor(), std::move(replace));
    }
    background_->set_tls(keys.webhook_tls);
    background_->renew_published();
    if (has_new_jwt) deps_.log.info("access_key_reloaded");
    if (has_new_trust) deps_.log.info("trust_reloaded", {{"version", version}});
}

void Serving::end_streams() {
    for (const auto& each : services_)
        asio::post(each->executor(), [services = each.get()] { services->end_streams(); });
}

awaitable<bool> Serving::end_tasks(milliseconds limit) {
    const auto deadline = steady_clock::now() + limit;
    if (background_) background_->stop();
    for (const auto& each : services_)
        if (each) each->tasks().request_stop();
    bool have_ended = true;
    for (const auto& each : services_) {
        if (!each) continue;
        const auto left = std::chrono::ceil<milliseconds>(deadline - steady_clock::now());
        auto joining = each->tasks().join(std::max(left, milliseconds(0)));
        const bool joined = co_await asio::co_spawn(each->executor(), std::move(joining), asio::use_awaitable);
        have_ended = have_ended && joined;
    }
    co_return have_ended;
}

bool Serving::is_primed() const noexcept {
    return std::ranges::all_of(services_, [](const auto& each) { return each->is_primed(); });
}

std::size_t Serving::streams() const noexcept {
    std::size_t sum = 0;
    for (const auto& each : services_) sum += each->streams();
    return sum;
}

}  // namespace fanion::cp::app
