#pragma once

// After the database was restored or promoted the installation has a new epoch, and every
// environment is published once in it, so that relays that hold later versions of the old epoch
// accept it (distribution.md: `epoch`). The same is done when the trust document raises the epoch
// floor. After the signing key was exchanged every environment is published once more with it, so
// that relays hold nothing that only the former key has signed when that is no longer trusted.

#include <boost/asio/awaitable.hpp>
#include <chrono>
#include <cstdint>
#include <functional>
#include <string>
#include <utility>

#include "common/base/log.hpp"
#include "common/net/task_group.hpp"
#include "control-plane/db/pool.hpp"
#include "control-plane/publish/publisher.hpp"

namespace fanion::cp::publish {

// Publishes again the environments whose newest version `publisher` would make in a later epoch or
// sign with another key, each in a transaction of its own; returns their number. Replicas may do it
// at the same time. Throws PgError; what fails for one environment only is logged, and thrown after
// the others were published.
boost::asio::awaitable<std::size_t> renew_published(db::Pool& pool, Publisher& publisher, const Log& log);

// Does something, one pass after another, until a pass that began after the last request has
// succeeded: whatever a pass throws is logged, and it is repeated after a pause that doubles up to
// `longest_pause`. One thread; must outlive the tasks of `tasks`.
class Renewal {
public:
    using Pass = std::function<boost::asio::awaitable<void>()>;

    Renewal(net::TaskGroup& tasks, Log log, Pass pass, std::chrono::milliseconds pause = std::chrono::seconds(2))
        : tasks_(tasks), log_(std::move(log)), pass_(std::move(pass)), pause_(pause) {}

    static constexpr std::chrono::milliseconds longest_pause = std::chrono::minutes(1);

    void request();

private:
    boost::asio::awaitable<void> run();
    boost::asio::awaitable<bool> try_pass();

    net::TaskGroup& tasks_;
    const Log log_;
    const Pass pass_;
    const std::chrono::milliseconds pause_;
    bool is_running_ = false;
    bool is_requested_ = false;
};

}  // namespace fanion::cp::publish
