#pragma once

// Audit entries and the hash chain over them (one chain per organisation). Pure.
//
// hash = SHA-256(previous hash, canonical bytes); the first entry's previous hash is 32 zero bytes.
// The canonical bytes are stored with the entry, so that a check does not depend on how a later
// version of this program writes them.

#include <cstdint>
#include <optional>
#include <span>
#include <string>

#include "common/base/clock.hpp"
#include "common/base/crypto.hpp"
#include "control-plane/access/actor.hpp"
#include "control-plane/access/ids.hpp"
#include "control-plane/audit/action.hpp"

namespace fanion::cp::audit {

struct AuditEntry {
    access::OrgId org_id;
    std::uint64_t seq = 0;  // 1, 2, .. without a gap
    std::string id;
    UnixMillis at = 0;
    access::ActorKind actor_kind = access::ActorKind::user;
    std::string actor_id;       // of the user or the key
    std::string credential_id;  // of the session or key; not secret
    Action action{};
    std::string resource;               // "projects/web/flags/new-checkout/environments/production"
    std::optional<std::string> before;  // JSON
    std::optional<std::string> after;   // JSON
    std::string comment;
    std::string request_id;
    std::string peer;
};

std::string canonical_bytes(const AuditEntry& entry);  // compact JSON, all members in a fixed order

Sha256 chain_hash(const Sha256& previous, std::string_view canonical);

struct ChainLink {
    std::uint64_t seq = 0;
    std::string canonical;
    Sha256 previous{};
    Sha256 hash{};
};
// The number (seq) of the first link that does not follow from the one before; none when all do.
// The first link's `previous` is trusted unless its seq is 1.
std::optional<std::uint64_t> first_broken(std::span<const ChainLink> links);

}  // namespace fanion::cp::audit
