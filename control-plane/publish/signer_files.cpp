#include "control-plane/publish/signer_files.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <fstream>
#include <sstream>

namespace fanion::cp::publish {
namespace {

namespace fs = std::filesystem;

Result<std::string> read_file(const fs::path& path) {
    std::ifstream file(path, std::ios::binary);
    if (!file) return Error{Errc::not_found, "cannot read " + path.string()};
    std::ostringstream text;
    text << file.rdbuf();
    return text.str();
}

// Whole or not at all: a crash leaves no half-written key.
Result<> write_file(const fs::path& path, std::string_view text, mode_t mode) {
    const auto partial = path.string() + ".new";
    const int fd = ::open(partial.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, mode);
    if (fd < 0) return Error{Errc::internal, "cannot write " + partial};
    const bool good = ::write(fd, text.data(), text.size()) == static_cast<ssize_t>(text.size()) && ::fsync(fd) == 0;
    ::close(fd);
    std::error_code failed;
    if (good) fs::rename(partial, path, failed);
    if (!good || failed) return Error{Errc::internal, "cannot write " + path.string()};
    return {};
}

// A start that was interrupted goes on with the keys it had made.
Result<Ed25519PrivateKey> find_or_make_key(const fs::path& path) {
    if (fs::exists(path)) {
        const auto pem = read_file(path);
        if (!pem) return pem.error();
        return Ed25519PrivateKey::from_pem(*pem);
    }
    auto key = Ed25519PrivateKey::generate();
    if (auto written = write_file(path, key.to_pem(), 0600); !written) return written.error();
    return key;
}

}  // namespace

Result<Signer> load_signer(const SignerFiles& files, UnixMillis now) {
    const auto key = read_file(files.key);
    if (!key) return key.error();
    const auto trust = read_file(files.trust);
    if (!trust) return trust.error();
    return Signer::make(*key, *trust, now);
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
    if (auto written = write_file(files.trust, trust, 0644); !written) return written.error();
    return files;
}

}  // namespace fanion::cp::publish
