#pragma once

// An organisation as seen by a person who belongs to it. Plain value.

#include <string>

#include "control-plane/access/grants.hpp"
#include "control-plane/access/ids.hpp"

namespace fanion::cp::access {

struct Membership {
    OrgId org_id;
    std::string key;
    std::string name;
    Grants grants;
    bool lacks_second_factor = false;  // one that the organisation requires: the person may do nothing in it
};

}  // namespace fanion::cp::access
