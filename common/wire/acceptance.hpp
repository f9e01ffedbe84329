#pragma once

// Steps 1 to 9 of distribution.md's acceptance table, in its order, pure; compiling (10), disk (11) and the swap (12) are
// relay/cache's. Decisions beyond the table (docs/distribution.md):
//   3  a signature counts only under the key its kid names; a `full` hint in line 0 must be signed, and describe the same
//      version, root and environment, else bad_signature
//   6  an epoch below the trust document's epoch_floor is a rollback too
//   9  item lines may come in any order; a line that is none, a key that occurs twice, a redacted line, a tombstone in a
//      full ruleset are all `integrity`; a redacted line is accepted where the receiver only evaluates

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

struct Floor {  // the highest ever accepted
    Version version;
    Sha256 root{};
};

struct Expected {             // what the receiver subscribed to and holds
    std::string_view env_id;  // empty: any environment of this issuer (offline verification)
    std::optional<Floor> floor;
    const ItemSet* held = nullptr;  // for deltas
    std::optional<Version> held_version;
    Sha256 held_root{};
    bool at_rest = false;  // from a file: a delta's manifest over the complete items is accepted (docs/distribution.md)
    Redacted redacted = Redacted::refused;      // accepted: item count and root are checked, `bytes` cannot be
    std::size_t max_bytes = 40u * 1024 * 1024;  // the hard limit of step 1
    std::function<bool(const Sha256& root)> is_quarantined;  // may be empty
};

struct Accepted {
    Manifest manifest;
    ItemSet items;        // full content after this step
    std::string payload;  // line 1 as verified
    SignatureLine signature_line;
    // The signed full form's lines 0 and 1: from a full itself, or from a delta's verified hint; empty when none.
    std::string full_head;
};

std::variant<Accepted, Rejection> accept_ruleset(std::string_view bytes, const TrustDocument& trust,
                                                 const Expected& expected);

struct AcceptedHead {
    Manifest manifest;  // typ head or revoked
};
// Heads and revocations: steps 1 to 6. An item line makes them malformed.
std::variant<AcceptedHead, Rejection> accept_head(std::string_view bytes, const TrustDocument& trust,
                                                  const Expected& expected);

}  // namespace fanion::wire
