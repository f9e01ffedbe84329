#pragma once

// What keeps a service's secrets from others on its machine: no core dumps, private key files.
// Functions are thread-safe.

#include <string>

#include "common/config/parse.hpp"

namespace fanion::service {

struct Protection {
    bool allow_core_dumps = false;
    bool allow_open_key_files = false;
};

void describe_protection(config::Options& options, Protection& protection);

// Adds an error if others may read `file`, which the option names, or change it. Nothing is checked
// if the file is empty, or if the operator allows it.
void check_key_file(const Protection& protection, const std::string& option, const std::string& file,
                    config::Reading& out);
}  // namespace fanion::service
