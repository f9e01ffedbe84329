#pragma once

// Follows the audit logs of the organisations that somebody watches, across replicas, and hands
// their changes to the streams. Each I/O thread has its own; one thread. Must outlive every
// subscription.
//
// Numbered invariants:
// 1. NOTIFY is a hint: after each reconnect, and every few seconds, the logs are read as well.
// 2. A change is read and encoded once for all who watch its organisation. Only a subscription that
//    begins in the past, or that has fallen behind what is remembered, reads for itself.
// 3. A subscription gets every change after its position once and in order, or a reset.

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/steady_timer.hpp>
#include <chrono>
#include <cstdint>
#include <deque>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "common/base/error.hpp"
#include "common/base/log.hpp"
#include "common/net/blocking_pool.hpp"
#include "control-plane/access/ids.hpp"
#include "control-plane/db/listener.hpp"
#include "control-plane/db/pool.hpp"
#include "control-plane/live/change.hpp"
#include "control-plane/live/metrics.hpp"
#include "control-plane/live/presence.hpp"
#include "control-plane/live/stream_counts.hpp"

namespace fanion::cp::live {

class ChangeHub;

struct HubConfig {
    std::size_t remembered = 256;          // changes of one organisation
    std::size_t streams_of_a_person = 10;  // at this replica
    std::chrono::milliseconds poll{5'000};
};

// One stream's place in the log of its organisation. One thread.
class Subscription {
public:
    Subscription(ChangeHub& hub, boost::asio::any_io_executor executor, access::OrgId org_id, access::UserId user_id)
        : hub_(hub), timer_(executor), org_id_(std::move(org_id)), user_id_(std::move(user_id)) {}
    ~Subscription();
    Subscription(const Subscription&) = delete;

    const access::OrgId& org_id() const noexcept { return org_id_; }
    const access::UserId& user_id() const noexcept { return user_id_; }

    std::uint64_t position = 0;  // the last change that was handed over

    // Until there may be something new, or `deadline`.
    boost::asio::awaitable<void> wait_until(std::chrono::steady_clock::time_point deadline);
    void wake();
    // The stream is to end because the program does.
    void end();
    bool has_ended() const noexcept { return has_ended_; }
    // Something changed that the rights of the person depend on: what they may still watch must be
    // asked again. Resets.
    bool take_doubt() noexcept { return std::exchange(is_doubtful_, false); }
    // The resources at which other people are than before.
    std::set<std::string> take_presence() noexcept { return std::exchange(presence_, {}); }
    bool has_presence() const noexcept { return !presence_.empty(); }

private:
    friend class ChangeHub;
    ChangeHub& hub_;
    boost::asio::steady_timer timer_;
    access::OrgId org_id_;
    access::UserId user_id_;
    bool is_counted_ = false;  // in the replica's StreamCounts
    bool has_news_ = false;
    bool has_ended_ = false;
    std::set<std::string> presence_;
    bool is_doubtful_ = true;  // what changed while it was made was told to nobody
};

class ChangeHub {
public:
    struct Deps {
        db::Pool& pool;
        net::BlockingPool& blocking;
        StreamCounts& open;  // of this replica
        Metrics& metrics;
        const Log& log;
    };
    ChangeHub(boost::asio::any_io_executor executor, Deps deps, HubConfig config = {})
        : executor_(executor), deps_(deps), config_(config) {}

    // Begins after the change `since`, or with what comes next. Errors: rate_limited when the
    // person has too many streams here. Throws PgError.
    boost::asio::awaitable<Result<std::unique_ptr<Subscription>>> subscribe(access::OrgId org_id,
                                                                            access::UserId user_id,
                                                                            std::optional<std::uint64_t> since);

    struct Batch {
        std::vector<ChangePtr> changes;
        bool has_gap = false;  // changes between the position and the first of these are not kept
    };
    // What comes after the subscription's position; empty: nothing yet. Moves the position. Throws
    // PgError.
    boost::asio::awaitable<Batch> next(Subscription& subscriber);

    // Who is where, by what this replica and the others are told. False: there is no room.
    bool note_presence(const Sighting& sighting);
    std::vector<PresenceTable::Person> present_at(const access::OrgId& org_id, std::string_view resource) const;

    // Runs until cancelled. `listener` must listen on audit::audit_channel and presence_channel.
    boost::asio::awaitable<void> run(db::Listener& listener);
    void end_all();

    Metrics& metrics() noexcept { return deps_.metrics; }

private:
    friend class Subscription;
    // What is remembered of the log of one organisation.
    struct Tail {
        std::uint64_t last = 0;        // read up to this
        std::deque<ChangePtr> recent;  // without a gap, up to `last`
        std::set<Subscription*> subscribers;
    };

    void unsubscribe(Subscription& subscriber);
    struct Found {
        std::vector<ChangePtr> changes;
        bool has_more = false;  // a page ends at a number or size
    };
    boost::asio::awaitable<Found> read_after(access::OrgId org_id, std::uint64_t position);
    boost::asio::awaitable<std::uint64_t> newest(access::OrgId org_id);
    boost::asio::awaitable<void> follow(access::OrgId org_id);
    boost::asio::awaitable<void> follow_all();
    void remember(Tail& tail, std::vector<ChangePtr> changes);
    void tell_presence(const access::OrgId& org_id, const std::string& resource);
    void expire_presence();

    boost::asio::any_io_executor executor_;
    Deps deps_;
    HubConfig config_;
    std::map<access::OrgId, Tail> tails_;
    std::set<Subscription*> subscribers_;
    PresenceTable presence_;
    bool failing_ = false;
};

}  // namespace fanion::cp::live
