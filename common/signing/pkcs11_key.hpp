#pragma once

// An Ed25519 key in a PKCS#11 token (a hardware security module, SoftHSM), which signs with
// CKM_EDDSA and which the key never leaves. The module's library is loaded into this process.

#include <string>

#include "common/signing/signing_key.hpp"

namespace fanion::signing {

struct Pkcs11Options {
    std::string module;  // file of the library
    std::string token;   // label
    std::string key;     // label of private and public key
    std::string pin;
};

// Logs in and finds the key. Blocking, as is sign(), whose calls wait for each other; a session
// that the token has ended is opened again. Errors: not_found, the module, the token or the key;
// conflict, there are several; unavailable, what the module answers otherwise. The detail names
// what and which, never the PIN.
Result<SigningKeyPtr> open_pkcs11_key(const Pkcs11Options& options);

}  // namespace fanion::signing
