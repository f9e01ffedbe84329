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
#include <string_view>
#include <utility>
#include <vector>

#include "common/base/clock.hpp"
#include "common/base/crypto.hpp"
#include "common/json/tree.hpp"
#include "common/wire/audit_chain.hpp"
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
    std::string resource;                 // "projects/web/flags/new-checkout/environments/production"
    std::string group;                    // id of the first of several entries of one change; empty: its own
    std::optional<std::string> before;    // JSON; none where nothing was there, or see compact_states()
    std::optional<std::string> after;     // JSON
    std::optional<std::string> patch;     // JSON Patch from one to the other
    std::optional<Sha256> before_sha256;  // of the text of a state that the entry does not hold
    std::optional<Sha256> after_sha256;
    std::string comment;
    std::string request_id;
    std::string peer;
    std::vector<std::pair<std::string, std::string>> published;  // environment and its new ruleset version
};

// Up to this size together, an entry holds both states whole.
inline constexpr std::size_t whole_states_bytes = 64 * 1024;
// A state that nothing follows is held whole up to this size.
inline constexpr std::size_t last_state_bytes = 1024 * 1024;

// From here on, compact_states() belongs on the blocking pool.
inline constexpr std::size_t slow_states_bytes = 8 * 1024;

// Sets the patch of a change, and replaces large states. Of a change: both, by their hashes. Of a
// deletion: the state, by its hash, if it is larger than last_state_bytes; earlier entries have its
// content. What is created stays whole. A second call does nothing. Throws if a state is not JSON.
void compact_states(AuditEntry& entry);
bool has_large_states(const AuditEntry& entry) noexcept;
bool is_slow_to_compact(const AuditEntry& entry) noexcept;

// Compact JSON, the members in a fixed order; `patch`, the hashes, `group_id` and `published` only
// where there are any.
std::string canonical_bytes(const AuditEntry& entry);

// The entry as the API shows it: the canonical bytes with `at` as RFC 3339 and, unless it is empty,
// the actor's e-mail address as `actor_email`. Throws if they are not JSON.
std::string shown_entry(std::string_view canonical, std::string_view actor_email);

using wire::chain_hash;

// Of an entry; throws if the bytes are not JSON.
json::Tree parse_entry(std::string_view canonical);

// Of a state or a patch of one, as large as they come. Null if the text is not JSON.
json::Tree parse_state(std::string_view text);

struct ChainLink {
    std::uint64_t seq = 0;
    std::string canonical;
    Sha256 previous{};
    Sha256 hash{};
};
// The number (seq) of the first link that does not follow from the one before; none when all do.
// `before`: what the first link follows; without it the first link's `previous` is trusted unless
// its seq is 1.
std::optional<std::uint64_t> first_broken(std::span<const ChainLink> links,
                                          const std::optional<wire::AuditHead>& before = {});

}  // namespace fanion::cp::audit
