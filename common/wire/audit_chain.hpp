#pragma once

// The hash chain of an organisation's audit log (docs/audit.md). Pure.
//
// hash = SHA-256(previous hash, canonical bytes); the first entry's previous hash is 32 zero bytes.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "common/base/clock.hpp"
#include "common/base/crypto.hpp"
#include "common/base/error.hpp"
#include "common/wire/manifest.hpp"

namespace fanion::wire {

Sha256 chain_hash(const Sha256& previous, std::string_view canonical);

// The action of an entry that retention writes about the entries which it deletes.
inline constexpr std::string_view audit_purged_action = "audit.purged";

// What a check of the chain reads of an entry's canonical bytes.
struct AuditFacts {
    std::string org_id;
    std::uint64_t seq = 0;
    std::string id;
    UnixMillis at = 0;
    std::string action;
    std::optional<AuditHead> purged;  // of an entry `audit.purged`: the last entry that was deleted
};
// Unknown members are ignored. Errors: invalid_input if the bytes are not an entry.
Result<AuditFacts> read_audit_facts(std::string_view canonical);

}  // namespace fanion::wire
