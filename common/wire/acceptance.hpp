#pragma once

// Steps 1 to 9 of the acceptance table in docs/distribution.md, in the order of the table. Pure.
// Compiling (10), writing to disk (11) and the swap (12) belong to relay/cache. Details beyond the
// table:
//   3  A signature counts only under the key that its kid names. A `full` hint in line 0 must be signed and must
//      describe the same version, root and environment; otherwise the code is bad_signature.
//   6  An epoch below the trust document's epoch_floor is a rollback too.
//   9  Item lines may come in any order. A malformed line, a repeated key, a redacted line and a tombstone in a full
//      ruleset all have the code `integrity`. A receiver that only evaluates may accept redacted lines.

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <variant>

#include "common/wire/delta.hpp"
#include "common/wire/envelope.hpp"
#include "common/wire/trust.hpp"

namespace fanion::wire {

// The codes of the acceptance table, in its order.
enum class Nack {
    too_large,
    malformed,
    bad_signature,
    wrong_audience,
    unsupported,
    rollback,
    equivocation,
    gap,
    quarantined,
    integrity,
    invalid,
};
std::string_view name_of(Nack code) noexcept;
inline constexpr std::size_t nack_count = 11;

struct Rejection {
    Nack code;
    std::string detail;
};

// The highest version ever accepted for an environment.
struct Floor {
    Version version;
    Sha256 root{};
};

// What the receiver subscribed to and what it already has. Nothing here may change during the call.
struct Expected {
    std::string_view env_id;  // empty: any environment of this issuer (offline verification)
    std::optional<Floor> floor;
    const ItemSet* held = nullptr;  // the items that a delta applies to; null if there are none
    std::optional<Version> held_version;
    Sha256 held_root{};
    bool at_rest = false;  // the document is a file, where a delta's manifest may precede the complete items
    Redacted redacted = Redacted::refused;      // with `accepted`, the item count and root are checked, but not `bytes`
    std::size_t max_bytes = 40u * 1024 * 1024;  // the limit of step 1
    std::function<bool(const Floor& ruleset)> is_quarantined;  // may be empty: nothing is quarantined
};

struct Accepted {
    Manifest manifest;
    ItemSet items;        // the complete content at the manifest's version
    std::string payload;  // line 1, as verified
    SignatureLine signature_line;
    // Lines 0 and 1 of the signed full form: those of a full ruleset, or those of a delta's
    // verified hint; empty if the delta has no hint.
    std::string full_head;
};

// Checks a full ruleset or a delta and applies it to a copy of `expected.held`. Everything about
// the document that can be wrong is a Rejection.
std::variant<Accepted, Rejection> accept_ruleset(std::string_view bytes, const TrustDocument& trust,
                                                 const Expected& expected);

struct AcceptedHead {
    Manifest manifest;  // typ head or revoked
};
// Checks a head or a revocation (steps 1 to 6). One with item lines is malformed.
std::variant<AcceptedHead, Rejection> accept_head(std::string_view bytes, const TrustDocument& trust,
                                                  const Expected& expected);

}  // namespace fanion::wire
