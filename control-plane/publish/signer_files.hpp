#pragma once

// The files a control plane signs with. Functions block on the disk: for the start of the process.

#include <filesystem>
#include <string>
#include <string_view>

#include "control-plane/publish/signer.hpp"

namespace fanion::cp::publish {

struct SignerFiles {
    std::filesystem::path key;    // PKCS#8 PEM of the signer, mode 0600
    std::filesystem::path trust;  // trust documents, oldest first
};

// Errors: not_found (a file that is not there), invalid_input (see Signer::make).
Result<Signer> load_signer(const SignerFiles& files, UnixMillis now);

// One root key, one signer with scope "*", and a trust document, for a machine of one's own: root.pem, signer.pem, trust.json
// in `directory`, made when they are missing. Returns their names. Errors: internal when a file cannot be written, conflict when
// there is a trust document whose signer is not there.
Result<SignerFiles> make_signer_files(const std::filesystem::path& directory, std::string_view iss, UnixMillis now);

}  // namespace fanion::cp::publish
