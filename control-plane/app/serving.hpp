#pragma once

// Everything that serves once the database, the schema and the keys are there. Each I/O thread is
// a replica inside the process (docs/adr/0045-every-io-thread-is-a-replica.md): it has services of
// its own, made, started and ended on that thread, and what the process does once runs on the
// first.
//
// Used on the first thread, but for the questions that any may ask, once start() has succeeded.
// Must be destroyed after the threads have ended.

#include <boost/asio/awaitable.hpp>
#include <chrono>
#include <memory>
#include <string>
#include <vector>

#include "common/net/router.hpp"
#include "common/net/server.hpp"
#include "control-plane/app/background.hpp"
#include "control-plane/app/services.hpp"
#include "control-plane/app/shared_services.hpp"

namespace fanion::cp::app {

struct ServingDeps {
    net::Workers& workers;
    net::BlockingPool& blocking;
    telemetry::Registry& registry;
    const Clock& clock;
    const Log& log;
    const sinks::EventSinks& sinks;
    telemetry::RequestTracing tracing = {};
};

class Serving {
public:
    Serving(ServingDeps deps, Config config, std::string conninfo, publish::Instance instance);
    Serving(const Serving&) = delete;

    // Call it once.
    boost::asio::awaitable<void> start(Keys keys);
    // All threads sign with `keys` when this has returned. Access tokens signed with the previous
    // key stay valid until they expire.
    boost::asio::awaitable<void> replace_keys(Keys keys);
    // Ends the streams of all threads, so that their connections can drain.
    void end_streams();
    // False when tasks were running after `limit`. After a start that did not succeed, too.
    boost::asio::awaitable<bool> end_tasks(std::chrono::milliseconds limit);

    void add_routes(net::Router& router, unsigned thread) { services_[thread]->add_routes(router); }
    // Of the first thread.
    net::TaskGroup& tasks() noexcept { return services_.front()->tasks(); }
    // The version of the trust document in force.
    std::uint64_t trust_version() const noexcept { return services_.front()->keys().signer.trust().newest().version; }

    // Any thread may ask these.
    const publish::Instance& instance() const noexcept { return shared_.instance; }
    bool is_database_up() const noexcept { return background_->is_database_up(); }
    bool is_outdated() const noexcept { return background_->is_outdated(); }
    // Whether every thread has read every published ruleset once since the start.
    bool is_primed() const noexcept;
    std::size_t environments() const noexcept { return services_.front()->environments(); }
    std::size_t streams() const noexcept;

private:
    ServingDeps deps_;
    const Config config_;
    const std::string conninfo_;
    SharedServices shared_;
    std::vector<std::unique_ptr<Services>> services_;  // by thread; null until it is made
    std::unique_ptr<Background> background_;
};

}  // namespace fanion::cp::app
