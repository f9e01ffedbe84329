#pragma once

// The stored session: $XDG_CONFIG_HOME/fanion/credentials.json (by default in ~/.config), mode
// 0600.

#include <string>

#include "common/base/error.hpp"

namespace fanion::cli {

struct Credentials {
    std::string url;  // the control plane's
    std::string email;
    std::string access_token;
    std::string refresh_token;
    std::string org;  // defaults for --org, --project, --env
    std::string project;
    std::string env;
};

std::string credentials_path();
// Errors: unauthenticated if there is no session; invalid_input if the file is damaged.
Result<Credentials> load_credentials();
// Errors: those of write_private_file().
Result<> save_credentials(const Credentials& credentials);
// Deletes the file, if it exists.
void delete_credentials();

}  // namespace fanion::cli
