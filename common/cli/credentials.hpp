#pragma once

// The stored session of the current profile (profiles.hpp): by default
// $XDG_CONFIG_HOME/fanion/credentials.json (in ~/.config), mode 0600.

#include <string>

#include "common/base/error.hpp"
#include "common/base/file.hpp"

namespace fanion::cli {

struct Credentials {
    std::string url;  // the control plane's
    std::string email;
    std::string access_token;
    bool is_program_token = false;  // FANION_TOKEN: never renewed, never stored
    std::string refresh_token;
    std::string org;  // defaults for --org, --project, --env
    std::string project;
    std::string env;
};

std::string credentials_path();
// Errors: unauthenticated if there is no session; invalid_input if the file is damaged.
Result<Credentials> load_credentials();
// The same of any profile. Its tokens are empty if it is not signed in.
Result<Credentials> load_profile(const std::string& name);
// What commands act with. If FANION_TOKEN is set, that token at FANION_URL, with the defaults of
// FANION_ORG, FANION_PROJECT and FANION_ENV; no file is read. Otherwise the session:
// unauthenticated also if FANION_URL names another control plane than the one that is signed in to,
// because a script that is aimed at one must not change the other. invalid_input: FANION_TOKEN
// without FANION_URL.
Result<Credentials> load_session();
// Waits until no other process renews the tokens. The file must exist. Error: internal.
Result<FileLock> lock_credentials();
// Errors: those of write_private_file().
Result<> save_credentials(const Credentials& credentials);
Result<> save_profile(const std::string& name, const Credentials& credentials);
// Deletes the file, if it exists.
void delete_credentials();

}  // namespace fanion::cli
