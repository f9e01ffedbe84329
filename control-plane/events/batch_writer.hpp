#pragma once

// Stores event batches, each with its id and all its effects in one transaction. Batches of an
// organisation that come while others of it are being written, or within a few milliseconds, are
// written together: their counts are added up first, so that a row is changed once and one commit
// answers all of them. Each is answered after that commit. When some batches cannot be written
// together, they are written one by one, so that none fails because of another.
//
// 1. At most one transaction at a time is written for an organisation.
// 2. Batches that wait take up to `most_waiting_bytes` in all; further ones are refused.
// 3. The order of locks is that of the statements (ids, counts, answers, callers, drops,
//    deliveries, kinds, the day),
//    and within each that of the keys: replicas wait for each other and do not deadlock.
//
// One thread (its I/O thread).

#include <boost/asio/awaitable.hpp>
#include <chrono>
#include <memory>
#include <string>
#include <unordered_map>
#include <unordered_set>
#include <vector>

#include "common/base/clock.hpp"
#include "common/base/error.hpp"
#include "common/base/log.hpp"
#include "common/net/blocking_pool.hpp"
#include "common/net/task_group.hpp"
#include "control-plane/db/pool.hpp"
#include "control-plane/events/arrivals.hpp"
#include "control-plane/events/ingest_metrics.hpp"
#include "control-plane/events/noted.hpp"
#include "control-plane/quotas/event_day_store.hpp"
#include "control-plane/quotas/limits.hpp"

namespace fanion::cp::events {

enum class Receipt {
    stored,
    duplicate,  // it had been stored before
    divided,    // a part of it had been stored before: not stored, it is to come in parts
};

class BatchWriter {
public:
    static constexpr std::size_t most_waiting_bytes = 64u * 1024 * 1024;
    static constexpr std::size_t rows_at_once = 20'000;  // about; a batch is never divided

    struct Deps {
        db::Pool& pool;
        net::BlockingPool& blocking;
        const Clock& clock;
        quotas::Limits& limits;
        db::Pool& edits;  // for what may wait for edits
        net::TaskGroup& tasks;
        const Log& log;
        IngestMetrics& metrics;
        std::vector<std::string> sinks = {};  // what gets every batch beside the database
    };
    explicit BatchWriter(Deps deps) : deps_(deps) {}

    // Whether batches are to come with Arrival::sent.
    bool has_sinks() const noexcept { return !deps_.sinks.empty(); }

    // Error: unavailable; the same batch may be stored later. Throws PgError when the database
    // refuses it. A batch whose caller is cancelled may be stored all the same.
    boost::asio::awaitable<Result<Receipt>> store(access::OrgId org_id, Arrival arrival);

private:
    struct Waiter;
    class Turn;
    class Group;
    struct Written;
    enum class Outcome;

    boost::asio::awaitable<void> run(std::unique_ptr<Turn> turn);
    boost::asio::awaitable<void> write(const access::OrgId& org_id, const Group& group);
    boost::asio::awaitable<Outcome> try_to_write(const access::OrgId& org_id, const Group& group);
    boost::asio::awaitable<Written> write_once(const access::OrgId& org_id, const Group& group);
    void finish(const access::OrgId& org_id, const Group& group, const Written& written);
    boost::asio::awaitable<void> tell_exceeded(access::OrgId org_id, quotas::EventDay day, UnixMillis at);

    Deps deps_;
    Noted noted_;
    std::unordered_map<access::OrgId, Turn*> turns_;  // of organisations whose writer runs
    std::size_t waiting_bytes_ = 0;
    std::unordered_set<access::OrgId> being_told_;  // that their quota is exceeded, which may wait for edits
};

}  // namespace fanion::cp::events
