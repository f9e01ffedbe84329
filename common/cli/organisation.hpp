#pragma once

// What commands about an organisation begin with.

#include <string>

#include "common/cli/admin_client.hpp"

namespace fanion::cli {

// A signed-in client and the path of the organisation, below /api/v1.
struct Organisation {
    AdminClient client;
    std::string path;
};

// `org`: as given; empty: the session's default. Errors: those of load_session(); invalid_input if
// there is no organisation.
Result<Organisation> open_organisation(const std::string& org);

}  // namespace fanion::cli
