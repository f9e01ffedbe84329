#include "relay/cache/held_environment.hpp"

#include <algorithm>
#include <utility>

namespace fanion::relay::cache {

namespace {

// A head from the future is taken for one of now. Otherwise a signer whose clock was ahead would shut out the heads that it
// signs after its clock was set right, and a relay whose clock is behind would not notice that heads stay away.
struct HeadTimes {
    UnixMillis issued_at = 0;
    std::optional<UnixMillis> expires_at;
};
HeadTimes times_of(const wire::Manifest& head, UnixMillis now) {
    const auto ahead = std::max<UnixMillis>(head.issued_at - now, 0);
    HeadTimes times{head.issued_at - ahead, head.expires_at};
    if (times.expires_at) *times.expires_at -= ahead;
    return times;
}

}  // namespace

void HeldEnvironment::restore(const LoadedEnvironment& loaded, UnixMillis now) {
    floor_ = loaded.floor;
    const auto head = loaded.head ? times_of(*loaded.head, now) : HeadTimes();
    newest_head_ = head.issued_at;
    rejection_ = loaded.rejection;
    if (!loaded.candidate) return;
    accepted_ = loaded.candidate->state;
    signals_->set_head_expires_at(head.expires_at.value_or(now));
}

bool HeldEnvironment::accept(const EnvironmentStatePtr& state) {
    rejection_.reset();
    const bool adds_full_form = accepted_ && accepted_->full_head.empty() && !state->full_head.empty();
    if (accepted_ && accepted_->version == state->version && accepted_->root == state->root && !adds_full_form) {
        return false;
    }
    floor_ = raised(floor_, floor_of(*state));
    accepted_ = state;
    return true;
}

bool HeldEnvironment::apply_head(const wire::Manifest& head, UnixMillis now) {
    if (head.issued_at < newest_head_) return false;
    const auto times = times_of(head, now);
    newest_head_ = std::max(newest_head_, times.issued_at);
    if (head.type == wire::ManifestType::revoked) return true;
    signals_->set_head_expires_at(times.expires_at.value_or(0));
    if (accepted_ && head.version <= accepted_->version) rejection_.reset();
    return true;
}

void HeldEnvironment::revoke() {
    accepted_.reset();
    served_.reset();
    rejection_.reset();
}

bool HeldEnvironment::serve(const Candidate& candidate, UnixMillis now) {
    const bool is_repeated = served_ && served_->state == candidate.state;
    served_ = candidate;
    if (is_repeated) return false;
    if (signals_->head_expires_at() == 0) signals_->set_head_expires_at(now);
    served_since_ = now;
    evaluations_before_ = signals_->evaluations();
    return true;
}

bool HeldEnvironment::has_proven(const ProbationMark& mark, UnixMillis now) const {
    if (!served_ || mark.ruleset.root != served_->state->root) return false;
    return is_proven(now - served_since_, signals_->evaluations() - evaluations_before_);
}

bool HeldEnvironment::update_stale(UnixMillis now) {
    const bool before = std::exchange(stale_, is_stale(now));
    return before != stale_;
}

}  // namespace fanion::relay::cache
