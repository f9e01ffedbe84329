#pragma once

// The stored session: $XDG_CONFIG_HOME/fanion/credentials.json (by default in ~/.config), mode
// 0600.

#include <string>

#include "common/base/error.hpp"
#include "common/base/file.hpp"

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
// The same for commands that use the session. Error: also unauthenticated if FANION_URL names
// another control plane than the one that is signed in to: a script that is aimed at one must not
// change the other.
Result<Credentials> load_session();
// Waits until no other process renews the tokens. The file must exist. Error: internal.
Result<FileLock> lock_credentials();
// Errors: those of write_private_file().
Result<> save_credentials(const Credentials& credentials);
// Deletes the file, if it exists.
void delete_credentials();

}  // namespace fanion::cli
