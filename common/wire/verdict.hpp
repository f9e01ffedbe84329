#pragma once

// The outcome of one delivered wire document: what the receiver's cache tells whoever brought it. A plain value.

#include <cstdint>
#include <optional>
#include <utility>

#include "common/wire/acceptance.hpp"

namespace fanion::wire {

enum class Outcome : std::uint8_t {
    applied,    // a ruleset with a new version: accepted, in service at once or after its write to disk
    unchanged,  // a ruleset at the version that is held
    head,       // a head
    revoked,    // a signed revocation: the environment is no longer held
    rejected,   // refused at one of the acceptance table's steps; what was served before stays
};

// Invariant: `rejection` has a value exactly when `outcome` is rejected.
struct Verdict {
    static Verdict accepted(Outcome outcome, Version version) { return {outcome, version, std::nullopt}; }
    static Verdict rejected(Rejection rejection) { return {Outcome::rejected, {}, std::move(rejection)}; }

    Outcome outcome = Outcome::unchanged;
    Version version;  // the document's; default where it was rejected
    std::optional<Rejection> rejection;
};

}  // namespace fanion::wire
