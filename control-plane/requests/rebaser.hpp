#pragma once

// Rebases open change requests when what they were made of has changed. Each replica has one. One
// thread (its I/O thread).
//
// A request says what it came to when it was last tried. After a publication, or another number of
// approvals that an environment wants, it is tried again as its author's and undone: if it comes to
// the same, its approvals stand; else it asks for them again, which the audit log says as the
// system's `change_request.updated`. A request that another transaction has locked is left to it
// or to the next round. One that could not be tried is left alone for a while, so that a fault that
// lasts costs little and does not fill the log.

#include <boost/asio/awaitable.hpp>
#include <chrono>
#include <cstddef>
#include <map>
#include <string>

#include "common/telemetry/metrics.hpp"
#include "control-plane/http/services.hpp"
#include "control-plane/requests/request_store.hpp"

namespace fanion::cp::requests {

struct RebaseMetrics {
    explicit RebaseMetrics(telemetry::Registry& registry);
    RebaseMetrics(const RebaseMetrics&) = delete;

    telemetry::Counter same;        // rebases of this replica: approvals stand
    telemetry::Counter asks_again;  // they are asked for again
    telemetry::Counter errors;      // what the database, a bug or something that passes ended
};

struct RebaserConfig {
    std::chrono::milliseconds poll{1'000};
    std::size_t at_once = 50;                 // of one query
    std::chrono::milliseconds pause{30'000};  // before a request that could not be tried is tried again
};

class Rebaser {
public:
    Rebaser(http::Services& services, RebaseMetrics& metrics, RebaserConfig config = {})
        : services_(services), metrics_(metrics), config_(config) {}
    Rebaser(const Rebaser&) = delete;

    // Ends when it is cancelled.
    boost::asio::awaitable<void> run();
    // Rebases what is stale now and that nobody else has locked; how many. Throws PgError.
    boost::asio::awaitable<std::size_t> rebase_stale();

private:
    using Pauses = std::map<std::string, UnixMillis>;  // until when, by request id

    // `pauses`: gets the request if it pauses from now on, or still.
    boost::asio::awaitable<bool> try_one(const StaleRequest& stale, Pauses& pauses);
    boost::asio::awaitable<bool> rebase_one(const StaleRequest& stale);
    boost::asio::awaitable<void> keep(db::Transaction& tx, const StaleRequest& stale, const projects::Environment& env,
                                      ChangeRequest request, RequestResult present);

    http::Services& services_;
    RebaseMetrics& metrics_;
    RebaserConfig config_;
    bool is_failing_ = false;
    Pauses pauses_;  // only of what was stale in the last round
};

}  // namespace fanion::cp::requests
