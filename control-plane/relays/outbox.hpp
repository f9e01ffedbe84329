#pragma once

// What one subscriber is still to be sent: a bounded queue of events, and for each environment which version it will hold once
// the queue is empty. Plain state without I/O; one thread.
//
// Policy: a queue that would pass its bound is emptied, and each environment that lost something is caught up with one newer
// full ruleset. Nothing is waited for, nothing is skipped silently.
//
// Invariants: a step is queued only when it leads from what the subscriber holds by then; an environment that is behind gets
// neither steps nor heads until it was caught up.

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
        std::optional<wire::Version> held;  // a delta from it will do; none: a full ruleset is wanted
    };

    explicit Outbox(std::size_t max_bytes) : max_bytes_(max_bytes) {}

    // From now on this environment is sent too. What is `held` already and not below `newest` needs nothing.
    void add(const access::EnvironmentId& env_id, std::optional<wire::Version> held, wire::Version newest);
    // Forgets the environment and what is queued for it; with `last`, that is its last event. False: it was not there.
    bool remove(const access::EnvironmentId& env_id, net::SharedBytes last = nullptr);
    bool has(const access::EnvironmentId& env_id) const { return states_.contains(env_id); }
    std::vector<access::EnvironmentId> env_ids() const;

    // A new version and the event that leads to it from `base`.
    void offer_step(const access::EnvironmentId& env_id, wire::Version base, wire::Version to, net::SharedBytes bytes);
    // A new version that no step leads to.
    void offer_version(const access::EnvironmentId& env_id, wire::Version to);
    // Dropped unless the subscriber will then hold just `version`, or when there is no room.
    void offer_head(const access::EnvironmentId& env_id, wire::Version version, net::SharedBytes bytes);

    std::optional<Entry> pop();
    // An environment to be caught up; asked when the queue is empty.
    std::optional<Behind> behind() const;
    // The caller sends a document that leads to `to` next.
    void caught_up(const access::EnvironmentId& env_id, wire::Version to, wire::Version newest);
    // There is nothing to catch up with: nothing until the next version.
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
