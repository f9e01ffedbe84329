#pragma once

// The files that a control plane signs with. Functions block on the disk; call them at startup or
// on the blocking pool.

#include <chrono>
#include <filesystem>
#include <string>
#include <string_view>

#include "control-plane/publish/signer.hpp"

namespace fanion::cp::publish {

struct SignerFiles {
    std::filesystem::path key;    // PKCS#8 PEM of the signer, mode 0600
    std::filesystem::path trust;  // trust documents, oldest first
};

// A signer in a process of its own (common/signing/remote_key.hpp).
struct ExternalSigner {
    std::string socket;
    std::chrono::milliseconds timeout;
};

// Errors: not_found (a file that cannot be read), invalid_input (see Signer::make).
Result<Signer> load_signer(const SignerFiles& files, UnixMillis now);
// The same with a key that another process has. Error: also unavailable, it does not answer.
Result<Signer> load_signer(const ExternalSigner& external, const std::filesystem::path& trust, UnixMillis now);

// For a first start without keys: a root key, a signer with scope "*" and a trust document, as
// root.pem, signer.pem and trust.json in `directory`, each created unless it exists. Returns their
// paths. Errors: internal when a file cannot be written, conflict when there is a trust document
// without its signer.
Result<SignerFiles> make_signer_files(const std::filesystem::path& directory, std::string_view iss, UnixMillis now);

}  // namespace fanion::cp::publish
