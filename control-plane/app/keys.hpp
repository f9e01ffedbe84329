#pragma once

// The key files of a control plane. The functions block on the disk: call them at startup or on the
// blocking pool.

#include <string>

#include "common/base/crypto.hpp"
#include "common/base/error.hpp"
#include "common/base/sealing.hpp"
#include "common/net/tls.hpp"
#include "control-plane/app/config.hpp"
#include "control-plane/publish/signer.hpp"

namespace fanion::cp::app {

// Adds an error for each file named by the configuration that cannot be used, and for each file
// with a secret that others may read. Those of the data directory need not be there, because
// load_keys() creates what is missing.
void check_key_files(const Config& config, config::Reading& out);

// What a control plane signs and seals with, and whom it trusts.
struct Keys {
    publish::Signer signer;      // rulesets
    Ed25519PrivateKey jwt;       // access tokens
    SealingKeys sealing;         // stored secrets; none without data directory and --secrets-key
    net::ClientTls webhook_tls;  // of receivers of webhooks
};

// The keys for stored secrets, from the file that a running control plane has. Errors: not_found,
// invalid_input; the detail names the file.
Result<SealingKeys> find_sealing_keys(const Config& config);

// Loads the keys and creates what is missing in the data directory, under a file lock, so that
// replicas may share one. Errors: not_found or internal, a file that cannot be read or written;
// invalid_input, a file that is not a key or belongs to an installation other than `iss`;
// unavailable, the external signer does not answer.
Result<Keys> load_keys(const Config& config, const std::string& iss, UnixMillis now);

}  // namespace fanion::cp::app
