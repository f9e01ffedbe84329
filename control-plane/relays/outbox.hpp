#pragma once

// What is still to be sent to one subscriber: a bounded queue of events and, for each environment,
// the version it will hold once the queue is empty. Plain state without I/O; one thread.
//
// Policy: a queue that would exceed its bound is emptied, and each environment that lost an event
// is brought up to date with one full ruleset. The sender never waits and no event is lost
// silently.
//
// Invariants: a step is queued only when it leads from the version that the subscriber holds by
// then; an environment that is behind gets neither steps nor heads until it has caught up.

#include <deque>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "common/net/sse_stream.hpp"
#include "common/wire/manifest.hpp"
#include "common/wire/sse_format.hpp"
#include "control-plane/access/ids.hpp"

namespace fanion::cp::relays {

class Outbox {
public:
    struct Entry {
        access::EnvironmentId env_id;
        wire::StreamEvent event;
        net::SharedBytes bytes;
    };
    struct Behind {
        access::EnvironmentId env_id;
        std::optional<wire::Version> held;  // a delta from it suffices; none: it needs a full ruleset
    };

    explicit Outbox(std::size_t max_bytes) : max_bytes_(max_bytes) {}

    // Sends this environment too from now on. Nothing is due when `held` is at or past `newest`.
    void add(const access::EnvironmentId& env_id, std::optional<wire::Version> held, wire::Version newest);
    // Removes the environment and what is queued for it, and queues `last` unless null. False when
    // it was not there.
    bool remove(const access::EnvironmentId& env_id, net::SharedBytes last = nullptr);
    bool has(const access::EnvironmentId& env_id) const { return states_.contains(env_id); }
    std::vector<access::EnvironmentId> env_ids() const;
    // What it will hold once the queue is empty.
    std::optional<wire::Version> version_of(const access::EnvironmentId& env_id) const;

    // A new version and the event that leads to it from `base`.
    void offer_step(const access::EnvironmentId& env_id, wire::Version base, wire::Version to, net::SharedBytes bytes);
    // A new version without a step that leads to it.
    void offer_version(const access::EnvironmentId& env_id, wire::Version to);
    // Dropped when there is no room, or unless the subscriber will hold exactly `version` by then.
    void offer_head(const access::EnvironmentId& env_id, wire::Version version, net::SharedBytes bytes);

    std::optional<Entry> pop();
    // An environment that is behind. Ask when the queue is empty.
    std::optional<Behind> behind() const;
    // The next thing the caller sends is a document that leads to `to`.
    void caught_up(const access::EnvironmentId& env_id, wire::Version to, wire::Version newest);
    // There is no document to send: leave the environment alone until its next version.
    void park(const access::EnvironmentId& env_id);

    std::size_t queued_bytes() const noexcept { return bytes_; }
    std::uint64_t overflows() const noexcept { return overflows_; }

private:
    struct State {
        std::optional<wire::Version> version;  // held once the queue is empty
        bool is_behind = false;
    };

    bool fits(const net::SharedBytes& bytes) const noexcept;
    void push(const access::EnvironmentId& env_id, wire::StreamEvent event, net::SharedBytes bytes);
    void overflow();

    std::size_t max_bytes_;
    std::size_t bytes_ = 0;
    std::uint64_t overflows_ = 0;
    std::deque<Entry> queue_;
    std::map<access::EnvironmentId, State> states_;
};

}  // namespace fanion::cp::relays
