#pragma once

// Who is signed in where: $XDG_CONFIG_HOME/fanion/credentials.json (default ~/.config), mode 0600.

#include <string>

#include "common/base/error.hpp"

namespace fanion::cli {

struct Credentials {
    std::string url;  // the control plane
    std::string email;
    std::string access_token;
    std::string refresh_token;
    std::string org;  // defaults for --org, --project, --env
    std::string project;
    std::string env;
};

std::string credentials_path();
// Error: unauthenticated when nobody signed in; invalid_input when the file is damaged.
Result<Credentials> load_credentials();
Result<> save_credentials(const Credentials& credentials);
void forget_credentials();

}  // namespace fanion::cli
