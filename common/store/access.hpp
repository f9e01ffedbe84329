#pragma once

// What every access to a store needs beside its location. Credentials are read anew for each
// connection, so that a changed file takes effect by itself; they are never logged.

#include <atomic>
#include <memory>
#include <string>

#include "common/base/error.hpp"

namespace fanion::store {

struct Access {
    // `NAME=value` lines with the names below; empty: the environment variables of these names.
    std::string credentials_file = {};
    std::string ca_file = {};  // PEM; empty: the system's
    // Of https to buckets and bundles, as libcurl reads them: a URL, and exceptions. Empty: what
    // the variables of the environment say.
    std::string proxy = {};
    std::string no_proxy = {};
    // Set by any thread: what is under way ends within a second, with the error `unavailable`. May
    // be null.
    std::shared_ptr<const std::atomic<bool>> stopped = {};

    bool is_stopped() const noexcept { return stopped && stopped->load(std::memory_order_relaxed); }
};

struct Credentials {
    std::string access_key;      // AWS_ACCESS_KEY_ID
    std::string secret_key;      // AWS_SECRET_ACCESS_KEY
    std::string session_token;   // AWS_SESSION_TOKEN
    std::string redis_user;      // FANION_REDIS_USERNAME
    std::string redis_password;  // FANION_REDIS_PASSWORD
};
// Blocking. Errors: those of read_file(), and invalid_input for another line.
Result<Credentials> read_credentials(const Access& access);

}  // namespace fanion::store
