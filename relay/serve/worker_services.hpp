#pragma once

// What the handlers of one worker thread work with. Workers share none of it but what is in
// SharedDeps. One thread, except that any thread may read `metrics`. Must outlive the server whose
// routes use it.

#include <boost/asio/any_io_executor.hpp>
#include <string>
#include <vector>

#include "common/base/clock.hpp"
#include "common/base/published.hpp"
#include "common/json/document.hpp"
#include "relay/attributes/sampler.hpp"
#include "relay/cache/environment_registry.hpp"
#include "relay/chain/child_reports.hpp"
#include "relay/chain/passed_batches.hpp"
#include "relay/events/counters.hpp"
#include "relay/intake/intake.hpp"
#include "relay/intake/recent_exposures.hpp"
#include "relay/rulesets/documents.hpp"
#include "relay/rulesets/sdk_streams.hpp"
#include "relay/serve/change_notifier.hpp"
#include "relay/serve/evaluation_span.hpp"
#include "relay/serve/key_hasher.hpp"
#include "relay/serve/rate_limiter.hpp"
#include "relay/serve/serve_config.hpp"
#include "relay/serve/serve_metrics.hpp"
#include "relay/serve/stream_tokens.hpp"

namespace fanion::relay::serve {

struct WorkerIdentity {
    unsigned worker = 0;  // its number, from 0 to workers - 1
    unsigned workers = 1;
    boost::asio::any_io_executor executor;  // this worker's io_context
};

// What all workers share, each thread-safe.
struct SharedDeps {
    const cache::EnvironmentRegistry& registry;  // its serving(), trust() and revocations()
    rulesets::Documents& documents;
    rulesets::SdkStreams& sdks;
    intake::Intake& intake;
    chain::ChildReports& reports;
    chain::PassedBatches& batches;
    net::BlockingPool& pool;
    EvaluationTracing tracing = {};
};

struct WorkerDeps {
    // What `common` refers to, `evaluation_counters` and `time` must outlive this. After each
    // change of an environment the control thread posts notifier.notify(env_id) to the worker's
    // executor, and notifier.notify_head(env_id) after each new head.
    WorkerDeps(const WorkerIdentity& identity, const SharedDeps& common, events::Counters& evaluation_counters,
               const Clock& time, const ServeConfig& settings)
        : worker(identity.worker),
          serving(common.registry.serving()),
          trust(common.registry.trust()),
          revocations(common.registry.revocations()),
          documents(common.documents),
          sdks(common.sdks),
          reports(common.reports),
          batches(common.batches),
          pool(common.pool),
          counters(evaluation_counters),
          intake(common.intake),
          clock(time),
          config(settings),
          executor(identity.executor),
          tracing(common.tracing),
          sampler(settings.attribute_names),
          limiter(config),
          notifier(identity.executor, config, identity.workers) {
        metrics.limit_streams(config.streams);
    }
    WorkerDeps(const WorkerDeps&) = delete;

    // Applies to later requests and streams. Open streams stay, even if there are more of them than
    // the new limits allow.
    void reconfigure(const ServeConfig& settings) {
        config = settings;
        limiter.set_rates(settings);
        metrics.limit_streams(settings.streams);
    }

    const unsigned worker;
    Published<cache::ServingState>::Reader serving;
    Published<cache::TrustDocuments>::Reader trust;
    Published<cache::Revocations>::Reader revocations;
    rulesets::Documents& documents;
    rulesets::SdkStreams& sdks;
    chain::ChildReports& reports;
    chain::PassedBatches& batches;
    net::BlockingPool& pool;
    events::Counters& counters;
    intake::Intake& intake;
    const Clock& clock;
    ServeConfig config;
    const boost::asio::any_io_executor executor;  // the worker's

    EvaluationTracing tracing;
    attributes::Sampler sampler;  // of contexts, for the names of their attributes
    KeyHasher hasher;
    RateLimiter limiter;
    StreamTokens tokens;
    ChangeNotifier notifier;
    ServeMetrics metrics;
    intake::RecentExposures exposures;  // that were noted
    wire::SdkEvents sdk_events;         // of the request in hand
    json::Document document;            // the body of the request in hand
    std::string scratch;                // a buffer that keeps its capacity; callees get its content as an argument
    std::string details;                // the same, for why an evaluation has failed
    std::vector<json::Member> members;  // the same
};

}  // namespace fanion::relay::serve
