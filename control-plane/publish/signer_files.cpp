#include "control-plane/publish/signer_files.hpp"

#include "common/base/file.hpp"
#include "common/signing/remote_key.hpp"

namespace fanion::cp::publish {
namespace {

namespace fs = std::filesystem;

// A start that was interrupted goes on with the keys it had made.
Result<Ed25519PrivateKey> find_or_make_key(const fs::path& path) {
    if (fs::exists(path)) {
        const auto pem = read_file(path.string());
        if (!pem) return pem.error();
        return Ed25519PrivateKey::from_pem(*pem);
    }
    auto key = Ed25519PrivateKey::generate();
    if (auto written = replace_file(path.string(), key.to_pem(), Durability::power_cut); !written)
        return written.error();
    return key;
}

}  // namespace

Result<Signer> load_signer(const SignerFiles& files, UnixMillis now) {
    const auto key = read_file(files.key.string());
    if (!key) return key.error();
    const auto trust = read_file(files.trust.string());
    if (!trust) return trust.error();
    return Signer::make(*key, *trust, now);
}

Result<Signer> load_signer(const ExternalSigner& external, const fs::path& trust, UnixMillis now) {
    const auto text = read_file(trust.string());
    if (!text) return text.error();
    const auto key = signing::RemoteKey::open(external.socket, external.timeout);
    if (!key) return key.error();
    return Signer::make(*key, *text, now);
}

Result<SignerFiles> make_signer_files(const fs::path& directory, std::string_view iss, UnixMillis now) {
    SignerFiles files{directory / "signer.pem", directory / "trust.json"};
    if (fs::exists(files.trust) && fs::exists(files.key)) return files;
    if (fs::exists(files.trust))
        return Error{Errc::conflict,
                     directory.string() + " has trust.json but not signer.pem: restore signer.pem from a backup"};
    std::error_code failed;
    fs::create_directories(directory, failed);
    const auto root = find_or_make_key(directory / "root.pem");
    if (!root) return root.error();
    const auto signer = find_or_make_key(files.key);
    if (!signer) return signer.error();
    const auto trust = wire::make_trust(iss, *root, signer->public_key(), now);
    if (auto written = replace_file(files.trust.string(), trust, Durability::power_cut, 0644); !written)
        return written.error();
    return files;
}

}  // namespace fanion::cp::publish
