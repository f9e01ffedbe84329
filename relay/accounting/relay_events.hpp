#pragma once

// Counts, spools and forwards evaluations and the events of SDKs: one component of the relay, made
// of relay/events, relay/intake, relay/spool and relay/forward.
//
//     auto events = RelayEvents::open(config, control_executor, pool, clock, log);   // before the workers start
//     server: (*events)->counters(worker).count(..);
//     control task group: spawn run_flush(), run_intake() and run_ship();
//     SIGTERM, workers stopped, tasks still running: co_await (*events)->finish(5s); then stop the task group.
//
// Invariant, at every moment and across kill -9: accepted = delivered + dropped{reason} + queued.
//
// counters(w) belongs to worker w; intake(), status() and register_metrics' callbacks may be called
// from any thread; the rest belongs to the control thread.

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <chrono>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "common/base/clock.hpp"
#include "common/base/error.hpp"
#include "common/base/log.hpp"
#include "common/json/writer.hpp"
#include "common/net/blocking_pool.hpp"
#include "common/net/http_client.hpp"
#include "common/spool/totals.hpp"
#include "common/telemetry/metrics.hpp"
#include "common/wire/event_ledger.hpp"
#include "relay/accounting/evaluation_tally.hpp"
#include "relay/events/counters.hpp"
#include "relay/intake/intake.hpp"

namespace fanion::relay::accounting {

struct RelayEventsConfig {
    std::string directory;   // "<cache directory>/events"; created when missing
    std::string relay_id;    // stable over restarts; [A-Za-z0-9._-], at most 100 bytes
    std::string relay_name;  // displayed: the batch's member "relay"; empty: the id
    unsigned workers = 1;
    std::vector<net::ClientConfig> upstreams;  // for POST /relay/v1/events; after a failure the next one is used
    std::string relay_key;
    std::chrono::milliseconds flush_interval{10'000};
    std::uint64_t batch_bytes = 1024u * 1024;             // a batch is sealed when it would grow past this
    std::uint64_t spool_bytes = 256u * 1024 * 1024;       // on disk
    std::uint64_t spool_memory_bytes = 8u * 1024 * 1024;  // while the disk cannot be written to
    std::uint64_t rejected_bytes = 16u * 1024 * 1024;     // limit of the folder of rejected batches
};

// Totals since the directory was created, not since the process started. accepted = delivered +
// dropped.sum() + queued.
struct EventsStatus {
    spool::Content accepted;
    spool::Content delivered;
    spool::Content queued;            // not sealed yet, and sealed but not delivered
    spool::Dropped dropped;           // by reason
    std::uint64_t batches = 0;        // sealed and waiting
    std::uint64_t spool_bytes = 0;    // on disk
    bool spool_on_disk = true;        // false: the disk cannot be written to, batches wait in memory
    bool counters_on_disk = true;     // false: new counts would not survive a kill
    std::uint64_t damaged_files = 0;  // counter files and segments that were moved aside or truncated
    std::uint64_t sync_failures = 0;  // in this process: what was written before may be lost in a power cut
    UnixMillis last_delivery_at = 0;  // 0: never in this process
    std::string last_error;           // of forwarding; empty: the last attempt succeeded
};

// The member "events" of /status.
void write_status(json::Writer& w, const EventsStatus& status);
// The same as the control plane is told it.
wire::EventLedger ledger_of(const EventsStatus& status);

class RelayEvents {
public:
    // Recovers what an earlier process left. Errors: conflict, another process uses the directory;
    // invalid_input, an upstream is not a valid URL. A disk that cannot be written to is not an
    // error: see EventsStatus.
    static Result<std::unique_ptr<RelayEvents>> open(RelayEventsConfig config, boost::asio::any_io_executor control,
                                                     net::BlockingPool& pool, const Clock& clock, const Log& log);
    ~RelayEvents();

    events::Counters& counters(unsigned worker) noexcept;
    intake::Intake& intake() noexcept;  // exposures and metrics
    EventsStatus status() const;
    const EvaluationTally& tally() const noexcept;
    // Must outlive the registry's last collection.
    void register_metrics(telemetry::Registry& registry) const;

    boost::asio::awaitable<void> run_flush();   // drains and seals every flush interval; ends when cancelled
    boost::asio::awaitable<void> run_intake();  // spools what the intake has; ends when cancelled
    boost::asio::awaitable<void> run_ship();    // forwards what is sealed; ends when cancelled
    void set_relay_key(std::string relay_key);  // from the next attempt on
    void set_tls(const net::ClientTls& tls);    // as net::HttpClient::set_tls

    // Call when no worker counts any more: flushes a last time, then waits until the spool is empty
    // or an attempt to deliver fails (run_ship() must still be running; not at all if the last
    // attempt before has failed), both together up to `limit`. What is not delivered stays for the
    // next process. False: the disk did not answer, and the flush still waits for it.
    boost::asio::awaitable<bool> finish(std::chrono::milliseconds limit);

private:
    struct Impl;
    explicit RelayEvents(std::unique_ptr<Impl> impl);
    std::unique_ptr<Impl> impl_;
};

}  // namespace fanion::relay::accounting
