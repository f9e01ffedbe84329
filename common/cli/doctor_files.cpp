#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include <filesystem>
#include <optional>

#include "common/base/crypto.hpp"
#include "common/cli/bundle_check.hpp"
#include "common/cli/doctor.hpp"
#include "common/cli/files.hpp"

namespace fanion::cli {
namespace {

namespace fs = std::filesystem;

constexpr int trust_days = 30;

std::optional<unsigned> mode_of(const std::string& path) {
    struct stat found {};
    if (::stat(path.c_str(), &found) != 0) return std::nullopt;
    return found.st_mode & 07777U;
}

void check_mode(const std::string& path, bool is_secret, Checks& checks) {
    const auto mode = mode_of(path);
    if (mode)
        checks.push_back(judge_mode(path, *mode, is_secret));
    else
        checks.push_back({"files", path, Health::failure, "is not there, or cannot be reached",
                          "Correct the name, or the rights of the folders above."});
}

void check_disk(const std::string& folder, Checks& checks) {
    struct statvfs found {};
    if (::statvfs(folder.c_str(), &found) != 0) return;  // check_mode() has said so
    checks.push_back(judge_disk(folder, found.f_bavail * found.f_frsize, found.f_blocks * found.f_frsize));
}

std::optional<wire::TrustDocument> check_trust(const std::string& file, UnixMillis now, Checks& checks) {
    const auto text = read_file(file);
    auto chain = text ? BundleCheck::begin(*text) : Result<BundleCheck>(text.error());
    if (!chain) {
        checks.push_back({"trust", file, Health::failure, chain.error().detail,
                          "Install the trust documents of this installation (docs/distribution.md)."});
        return std::nullopt;
    }
    const auto& trust = chain->trust();
    Check check{"trust", file, Health::ok, "document " + std::to_string(trust.version) + " of " + trust.iss,
                "Sign a successor with the root keys in time (docs/distribution.md)."};
    checks.push_back(judge_expiry(std::move(check), now, trust.expires_at, trust_days));
    for (const auto& signer : trust.signers) {
        Check each{"trust", "signer " + signer.key.kid(), Health::ok, "", "Add its successor to the trust document."};
        checks.push_back(judge_expiry(std::move(each), now, signer.not_after, trust_days));
    }
    return trust;
}

void check_signer(const std::string& file, const std::optional<wire::TrustDocument>& trust, UnixMillis now,
                  Checks& checks) {
    if (!mode_of(file)) {
        checks.push_back({"keys", file, Health::warning, "is not there, or cannot be reached",
                          "If --signer is given, its process has the key: see `fanion signer check`. Otherwise restore "
                          "the signing key, or add a new signer to the trust document."});
        return;
    }
    check_mode(file, true, checks);
    const auto pem = read_file(file);
    const auto key = pem ? Ed25519PrivateKey::from_pem(*pem) : Result<Ed25519PrivateKey>(pem.error());
    if (!key) {
        checks.push_back({"keys", file, Health::failure, key.error().detail,
                          "Restore the signing key, or add a new signer to the trust document."});
        return;
    }
    if (!trust) return;
    const auto& kid = key->public_key().kid();
    for (const auto& signer : trust->signers) {
        if (signer.key.kid() != kid) continue;
        const bool is_valid = signer.not_before <= now && now < signer.not_after;
        checks.push_back({"keys", file, is_valid ? Health::ok : Health::failure,
                          "signer " + kid + (is_valid ? " is trusted" : " is not valid now"),
                          is_valid ? "" : "Sign with a key that the trust document has and whose time has come."});
        return;
    }
    checks.push_back({"keys", file, Health::failure, "signer " + kid + " is not in the trust document",
                      "Relays refuse what it signs: use the right key, or add it to the trust document."});
}

void check_data_dir(const std::string& folder, std::string trust_file, UnixMillis now, Checks& checks) {
    const auto file = [&folder](const char* name) { return (fs::path(folder) / name).string(); };
    check_mode(folder, false, checks);
    check_disk(folder, checks);
    if (trust_file.empty()) trust_file = file("trust.json");
    const auto trust = check_trust(trust_file, now, checks);
    check_signer(file("signer.pem"), trust, now, checks);
    for (const auto* name : {"jwt.pem", "secrets.key"}) check_mode(file(name), true, checks);
    if (mode_of(file("root.pem")))
        checks.push_back({"keys", file("root.pem"), Health::warning, "the root key is on this machine",
                          "In production keep it offline: who has it decides whom relays believe."});
}

void check_cache_dir(const std::string& folder, Checks& checks) {
    check_mode(folder, false, checks);
    check_disk(folder, checks);
    if (::access(folder.c_str(), W_OK) == 0 || !mode_of(folder)) return;
    checks.push_back({"files", folder, Health::warning, "you cannot write there",
                      "Run this check as the relay's user: it must be able to write there."});
}

}  // namespace

void check_files(const DoctorOptions& options, Checks& checks) {
    const auto now = SystemClock().now();
    if (!options.data_dir.empty())
        check_data_dir(options.data_dir, options.trust, now, checks);
    else if (!options.trust.empty())
        check_trust(options.trust, now, checks);
    if (!options.cache_dir.empty()) check_cache_dir(options.cache_dir, checks);
    for (const auto& file : options.files) {
        const auto text = read_file(file);
        const bool has_password = text && (text->find("database-url") != std::string::npos ||
                                           text->find("DATABASE_URL") != std::string::npos);
        check_mode(file, has_password, checks);
    }
    for (const auto& file : options.certificates) check_certificate_file(file, now, checks);
}

}  // namespace fanion::cli
