#pragma once

// The outcome of delivering one wire document, which the receiver's cache reports to the stream's
// protocol. A plain value.

#include <cstdint>
#include <optional>
#include <utility>

#include "common/wire/acceptance.hpp"

namespace fanion::wire {

enum class Outcome : std::uint8_t {
    applied,    // a ruleset with a new version was accepted; it is served now or once it has been written to disk
    unchanged,  // a ruleset with the version already held
    head,       // a head was accepted
    revoked,    // a signed revocation was accepted; the environment is no longer held
    rejected,   // refused by a step of the acceptance table; what was served before is still served
};

// Invariant: `rejection` has a value exactly when `outcome` is rejected.
struct Verdict {
    static Verdict accepted(Outcome outcome, Version version) { return {outcome, version, std::nullopt}; }
    static Verdict rejected(Rejection rejection) { return {Outcome::rejected, {}, std::move(rejection)}; }

    Outcome outcome = Outcome::unchanged;
    Version version;  // the document's version; {0, 0} if it was rejected
    std::optional<Rejection> rejection;
};

}  // namespace fanion::wire
