#pragma once

// What the handlers of one worker thread work with. One thread, but for `metrics`, which any may read.
//
// Lives as long as the server whose routes use it. Nothing here is shared with another worker.

#include <boost/asio/any_io_executor.hpp>

#include "common/base/clock.hpp"
#include "common/base/published.hpp"
#include "common/json/document.hpp"
#include "relay/cache/environment_registry.hpp"
#include "relay/events/counters.hpp"
#include "relay/serve/change_notifier.hpp"
#include "relay/serve/key_hasher.hpp"
#include "relay/serve/rate_limiter.hpp"
#include "relay/serve/serve_config.hpp"
#include "relay/serve/serve_metrics.hpp"
#include "relay/serve/stream_tokens.hpp"

namespace fanion::relay::serve {

struct WorkerIdentity {
    unsigned worker = 0;  // of how many
    unsigned workers = 1;
    boost::asio::any_io_executor executor;  // this worker's io_context
};

struct WorkerDeps {
    // After every published change the control thread posts refetches.changed(env_id) to this worker's executor.
    WorkerDeps(const WorkerIdentity& identity, const Published<cache::ServingState>& published,
               events::Counters& evaluation_counters, const Clock& time, const ServeConfig& settings)
        : worker(identity.worker),
          serving(published),
          counters(evaluation_counters),
          clock(time),
          config(settings),
          limiter(config),
          notifier(identity.executor, config, identity.workers),
          no_sdk(evaluation_counters.sdk_id("")) {}
    WorkerDeps(const WorkerDeps&) = delete;

    // Holds for what comes from now on; streams that are open stay, though they be more than are allowed now.
    void reconfigure(const ServeConfig& settings) {
        config = settings;
        limiter.set_rates(settings);
    }

    const unsigned worker;
    Published<cache::ServingState>::Reader serving;
    events::Counters& counters;
    const Clock& clock;
    ServeConfig config;

    KeyHasher hasher;
    RateLimiter limiter;
    StreamTokens tokens;
    ChangeNotifier notifier;
    ServeMetrics metrics;
    json::Document document;  // the request's body
    std::string scratch;      // a buffer that keeps its capacity; whoever passes it on says what is in it
    const std::uint32_t no_sdk;
};

}  // namespace fanion::relay::serve
