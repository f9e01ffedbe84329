#include "control-plane/keys/relay_identity.hpp"

#include <algorithm>

namespace fanion::cp::keys {

bool RelayIdentity::grants(const access::EnvironmentId& env_id) const noexcept {
    return std::binary_search(env_ids.begin(), env_ids.end(), env_id);
}

bool RelayIdentity::may_count(const access::EnvironmentId& env_id) const noexcept {
    return grants(env_id) || std::binary_search(deleted_env_ids.begin(), deleted_env_ids.end(), env_id);
}

}  // namespace fanion::cp::keys
