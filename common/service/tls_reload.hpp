#pragma once

// Puts new certificates in force while the service runs: when one of their files changes. (At
// SIGHUP the whole configuration does it, see reload.hpp.) What cannot be used is logged and
// counted, and what is in force stays. One thread, which must be the executor's.

#include <boost/asio/awaitable.hpp>
#include <chrono>
#include <functional>
#include <string>
#include <vector>

#include "common/base/error.hpp"
#include "common/base/log.hpp"
#include "common/net/blocking_pool.hpp"
#include "common/telemetry/metrics.hpp"

namespace fanion::service {

class TlsReload {
public:
    // Loads the files and puts them in force, all or none. Its error names the file.
    using Apply = std::function<boost::asio::awaitable<Result<>>()>;
    // Names of the files, which a reload of the configuration may change.
    using Files = std::function<std::vector<std::string>()>;

    // Make it before the files are read for the first time: what changes from here on is noticed.
    TlsReload(Files files, net::BlockingPool& pool, const Log& log);

    void register_metrics(telemetry::Registry& registry) const;

    // Looks at the files every `interval` until cancelled. A change counts once it has lasted for
    // one, because certificate and key are two files.
    boost::asio::awaitable<void> run(Apply apply, std::chrono::milliseconds interval = std::chrono::seconds(2));

    // Of a reload of the configuration.
    void count_failure() noexcept { failures_.add(); }

private:
    boost::asio::awaitable<std::string> look();
    boost::asio::awaitable<void> reload(const Apply& apply);

    Files files_;
    net::BlockingPool& pool_;
    const Log& log_;
    std::string in_force_;  // what was seen of the files, as text
    telemetry::Counter failures_;
};

}  // namespace fanion::service
