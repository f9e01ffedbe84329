#pragma once

// What refuses a request about members. Pure.

#include "common/base/error.hpp"

namespace fanion::cp::identity {

inline Error above_you() {
    return {Errc::forbidden, "you cannot give, change or take away a role with permissions that you lack", {}};
}

}  // namespace fanion::cp::identity
