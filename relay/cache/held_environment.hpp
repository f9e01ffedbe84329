#pragma once

// What the relay holds of one environment: the newest accepted ruleset, the one in service, the
// newest head, and why the last document was rejected. No I/O. One thread (the control thread).

#include <memory>
#include <optional>
#include <string>

#include "relay/cache/environment_loader.hpp"

namespace fanion::relay::cache {

class HeldEnvironment {
public:
    HeldEnvironment(std::string env_id, std::shared_ptr<EnvironmentSignals> signals)
        : env_id_(std::move(env_id)), signals_(std::move(signals)) {}

    const std::string& env_id() const noexcept { return env_id_; }
    const std::shared_ptr<EnvironmentSignals>& signals() const noexcept { return signals_; }
    // The highest version ever accepted; empty before the first.
    const std::optional<wire::Floor>& floor() const noexcept { return floor_; }
    // The newest, in service or about to be. Null: none, or revoked.
    const EnvironmentStatePtr& accepted() const noexcept { return accepted_; }
    const std::optional<Candidate>& served() const noexcept { return served_; }
    // Since a ruleset was last accepted, or a head said that the accepted one is the newest.
    const std::optional<wire::Rejection>& rejection() const noexcept { return rejection_; }

    // At startup. The candidate is accepted, not served yet; without a head it is stale from `now`
    // on.
    void restore(const LoadedEnvironment& loaded, UnixMillis now);

    void reject(wire::Rejection rejection) { rejection_ = std::move(rejection); }
    // Clears the rejection. False when nothing else changes: this ruleset was accepted before.
    bool accept(const EnvironmentStatePtr& state);
    // A head or a revocation that verified. False when it is older than one that was applied
    // before. One that was issued after `now` counts as issued now.
    bool apply_head(const wire::Manifest& head, UnixMillis now);
    // The floor stays: an old ruleset cannot come back by replay.
    void revoke();

    // False when it was served before: its write to disk was repeated.
    bool serve(const Candidate& candidate, UnixMillis now);
    // Whether the ruleset on probation is the one in service and has been served for long enough.
    bool has_proven(const ProbationMark& mark, UnixMillis now) const;

    bool is_stale(UnixMillis now) const { return served_ && signals_->stale_for(now) > 0; }
    // Whether is_stale() has changed since the last call.
    bool update_stale(UnixMillis now);

private:
    std::string env_id_;
    std::shared_ptr<EnvironmentSignals> signals_;  // shared by all versions
    std::optional<wire::Floor> floor_;
    EnvironmentStatePtr accepted_;
    std::optional<Candidate> served_;
    std::optional<wire::Rejection> rejection_;
    UnixMillis newest_head_ = 0;  // its issued_at, or when it came if that was earlier
    UnixMillis served_since_ = 0;
    std::uint64_t evaluations_before_ = 0;  // when served_ was put into service
    bool stale_ = false;
};

}  // namespace fanion::relay::cache
