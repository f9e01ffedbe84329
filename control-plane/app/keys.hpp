#pragma once

// The files with which a control plane signs. Functions block on the disk: for the start of the process.

#include <string>
#include <vector>

#include "common/base/crypto.hpp"
#include "common/base/error.hpp"
#include "control-plane/app/config.hpp"
#include "control-plane/publish/signer.hpp"

namespace fanion::cp::app {

// What is wrong with the files that the configuration names, one line each. Those of a data directory may be missing.
std::vector<std::string> check_key_files(const Config& config);

struct Keys {
    publish::Signer signer;
    Ed25519PrivateKey jwt;
};

// Makes what is missing in the data directory; replicas that share one may do so at the same time. Error: what cannot be read,
// written, or does not belong to the installation `iss`.
Result<Keys> load_keys(const Config& config, const std::string& iss, UnixMillis now);

}  // namespace fanion::cp::app
