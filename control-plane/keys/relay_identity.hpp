#pragma once

// Which relay key asks, and what it grants. Plain value.

#include <string>
#include <string_view>
#include <vector>

#include "common/base/crypto.hpp"

namespace fanion::cp::keys {

struct RelayIdentity {
    std::string key_id;  // not secret; for logs and audit
    std::string org_id;
    Sha256 key_hash{};
    std::vector<std::string> env_ids;  // what the key grants now, in order of their bytes; live environments only

    bool grants(std::string_view env_id) const noexcept;
};

}  // namespace fanion::cp::keys
