#pragma once

// The admin API's JSON of members, and what refuses a request about them.

#include "common/base/error.hpp"
#include "common/json/writer.hpp"
#include "control-plane/identity/user_store.hpp"

namespace fanion::cp::identity {

// {"id","email","name","role","managed_by","since"}
void write_member(json::Writer& w, const Member& member);

inline Error above_you() {
    return {Errc::forbidden, "you cannot give, change or take away a role with permissions that you lack", {}};
}

}  // namespace fanion::cp::identity
