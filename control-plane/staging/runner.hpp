#pragma once

// Releases and withdraws held versions of all organisations. Each replica has one. They decide by
// the same reports, and act with the environment's row locked after they have decided once more, so
// that one of them acts and a replica that is killed leaves its work to the others. One thread.

#include <boost/asio/awaitable.hpp>
#include <chrono>
#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "common/base/log.hpp"
#include "common/net/blocking_pool.hpp"
#include "control-plane/audit/entry.hpp"
#include "control-plane/db/pool.hpp"
#include "control-plane/publish/ruleset_publisher.hpp"
#include "control-plane/staging/look.hpp"
#include "control-plane/staging/metrics.hpp"

namespace fanion::cp::staging {

struct RunnerDeps {
    db::Pool& pool;
    publish::RulesetPublisher& publisher;
    net::BlockingPool& blocking;
    const Clock& clock;
    Metrics& metrics;
    const Log& log;
};

class Runner {
public:
    explicit Runner(RunnerDeps deps, std::chrono::milliseconds poll = std::chrono::seconds(1))
        : deps_(deps), poll_(poll) {}

    // Ends when it is cancelled.
    boost::asio::awaitable<void> run();
    // Looks at everything that is held. How many of them were released or withdrawn by this call.
    // Throws PgError.
    boost::asio::awaitable<std::size_t> run_once();

private:
    struct Seen {
        access::EnvironmentId env_id;
        Decision decision;
        UnixMillis held_since = 0;
    };
    boost::asio::awaitable<std::optional<Seen>> look(publish::HeldVersion held, bool& has_acted);
    boost::asio::awaitable<void> forget(publish::HeldVersion held);
    boost::asio::awaitable<bool> act(publish::HeldVersion held);
    boost::asio::awaitable<Result<bool>> carry_out(publish::HeldVersion held);
    boost::asio::awaitable<std::string> append(db::Transaction& tx, audit::AuditEntry entry);
    void note(const std::vector<Seen>& seen);
    void note_ended(const publish::HeldVersion& held, const Decision& decision);

    RunnerDeps deps_;
    std::chrono::milliseconds poll_;
    bool is_failing_ = false;
};

}  // namespace fanion::cp::staging
