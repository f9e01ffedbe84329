#pragma once

// A relay key that was authenticated, and what it grants. Plain value.

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "common/base/clock.hpp"
#include "common/base/crypto.hpp"
#include "control-plane/access/ids.hpp"

namespace fanion::cp::keys {

struct RelayIdentity {
    access::KeyId key_id;  // not secret; for logs and audit
    access::OrgId org_id;
    Sha256 key_hash{};
    std::vector<access::EnvironmentId> env_ids;          // what the key grants now, sorted
    std::vector<access::EnvironmentId> deleted_env_ids;  // what it would grant if it were restored, sorted
    std::optional<UnixMillis> expires_at = {};           // of the key; none: never

    bool grants(const access::EnvironmentId& env_id) const noexcept;
    // Counts of a deleted environment were made before its relays heard of that.
    bool may_count(const access::EnvironmentId& env_id) const noexcept;
};

}  // namespace fanion::cp::keys
