#pragma once

// POST /relay/v1/status: at once on change (coalesced 20 ms), and every 10 s. One thread (the
// control thread).

#include <boost/asio/awaitable.hpp>
#include <boost/asio/steady_timer.hpp>
#include <functional>

#include "common/base/log.hpp"
#include "common/wire/status.hpp"
#include "relay/upstream/upstream_metrics.hpp"
#include "relay/upstream/upstreams.hpp"

namespace fanion::relay::upstream {

struct ReportTimes {
    std::chrono::milliseconds coalesce{20};
    std::chrono::milliseconds interval{10'000};
    std::chrono::milliseconds pause_after_failure{1'000};
};

struct StatusSource {
    std::function<wire::RelayStatus()> make;                    // the current status
    std::function<void(const wire::RelayStatus&)> on_reported;  // upstream accepted this report
};

class StatusReporter {
public:
    StatusReporter(boost::asio::any_io_executor executor, Upstreams& upstreams, StatusSource source,
                   UpstreamMetrics& metrics, const Log& log, ReportTimes times = {});

    boost::asio::awaitable<void> run();  // until cancelled
    void notify();                       // the status changed

private:
    boost::asio::awaitable<void> wait_for_change();
    boost::asio::awaitable<bool> send();
    // Logs an answer 4xx that the stream does not get too, when it begins or changes.
    void note(const net::ClientResponse& response);

    Upstreams& upstreams_;
    StatusSource source_;
    UpstreamMetrics& metrics_;
    const Log& log_;
    ReportTimes times_;
    boost::asio::steady_timer timer_;
    bool changed_ = true;
    unsigned noted_ = 0;  // the status that was logged since a report was accepted
};

}  // namespace fanion::relay::upstream
