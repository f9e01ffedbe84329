#include "control-plane/app/keys.hpp"

#include "common/base/file.hpp"
#include "control-plane/publish/signer_files.hpp"

namespace fanion::cp::app {

namespace fs = std::filesystem;

namespace {

Result<Ed25519PrivateKey> read_key(const fs::path& file) {
    const auto pem = read_file(file.string());
    if (!pem) return pem.error();
    auto key = Ed25519PrivateKey::from_pem(*pem);
    if (!key)
        return Error{Errc::invalid_input, file.string() + " does not contain an Ed25519 private key in PKCS#8 PEM"};
    return key;
}

Result<Ed25519PrivateKey> load_jwt_key(const Config& config) {
    if (!config.jwt_key.empty()) return read_key(config.jwt_key);
    const auto file = config.data_dir / "jwt.pem";
    if (fs::exists(file)) return read_key(file);
    auto key = Ed25519PrivateKey::generate();
    if (auto written = replace_file(file.string(), key.to_pem(), Durability::power_cut); !written)
        return written.error();
    return key;
}

Result<publish::Signer> of_installation(Result<publish::Signer> signer, const fs::path& trust, const std::string& iss) {
    if (!signer || signer->iss() == iss) return signer;
    return Error{Errc::invalid_input, trust.string() + " belongs to the installation " + signer->iss() +
                                          " and the database to " + iss + ": they do not belong together"};
}

Result<publish::Signer> load_signer(const Config& config, const std::string& iss, UnixMillis now) {
    publish::SignerFiles files;
    if (has_signer(config)) {
        const publish::ExternalSigner external{config.signer.path, config.signer_timeout};
        return of_installation(publish::load_signer(external, config.trust, now), config.trust, iss);
    }
    const bool needs_directory = config.trust.empty() || config.signing_key.empty();
    if (needs_directory) {
        auto made = publish::make_signer_files(config.data_dir, iss, now);
        if (!made) return made.error();
        files = *made;
    }
    if (!config.trust.empty()) files.trust = config.trust;
    if (!config.signing_key.empty()) files.key = config.signing_key;
    return of_installation(publish::load_signer(files, now), files.trust, iss);
}

Result<SealingKeys> read_sealing_keys(const fs::path& file) {
    const auto text = read_file(file.string());
    if (!text) return text.error();
    auto keys = SealingKeys::parse(*text);
    if (!keys) return Error{Errc::invalid_input, file.string() + ": " + keys.error().detail};
    return keys;
}

Result<SealingKeys> load_sealing_keys(const Config& config) {
    if (!config.secrets_key.empty()) return read_sealing_keys(config.secrets_key);
    if (config.data_dir.empty()) return SealingKeys();
    const auto file = config.data_dir / "secrets.key";
    if (!fs::exists(file)) {
        auto written = replace_file(file.string(), SealingKeys::make_text(), Durability::power_cut);
        if (!written) return written.error();
    }
    return read_sealing_keys(file);
}

void check_permissions(const Config& config, config::Reading& out) {
    const auto check = [&](const char* option, const fs::path& file, const char* in_data_dir) {
        const auto used =
            file.empty() && !config.data_dir.empty() && *in_data_dir != '\0' ? config.data_dir / in_data_dir : file;
        service::check_key_file(config.protection, option, used.string(), out);
    };
    check("signing-key", config.signing_key, "signer.pem");
    check("jwt-key", config.jwt_key, "jwt.pem");
    check("secrets-key", config.secrets_key, "secrets.key");
    check("data-dir", {}, "root.pem");
    check("tls-key", config.ports.tls.key, "");
    check("store-credentials", config.store_credentials, "");
    check("sink-kafka-settings", config.sink_kafka_settings, "");
}

}  // namespace

void check_key_files(const Config& config, config::Reading& out) {
    if (!config.trust.empty()) {
        if (const auto text = read_file(config.trust.string()); !text) out.fail("trust", text.error().detail);
    }
    if (!config.signing_key.empty()) {
        if (const auto key = read_key(config.signing_key); !key) out.fail("signing-key", key.error().detail);
    }
    if (!config.jwt_key.empty()) {
        if (const auto key = read_key(config.jwt_key); !key) out.fail("jwt-key", key.error().detail);
    }
    if (!config.secrets_key.empty()) {
        if (const auto keys = read_sealing_keys(config.secrets_key); !keys)
            out.fail("secrets-key", keys.error().detail);
    }
    if (!config.webhook_ca_file.empty()) {
        if (const auto tls = net::make_client_tls(config.webhook_ca_file.string()); !tls)
            out.fail("webhook-ca-file", tls.error().detail);
    }
    check_permissions(config, out);
}

Result<SealingKeys> find_sealing_keys(const Config& config) {
    return read_sealing_keys(config.secrets_key.empty() ? config.data_dir / "secrets.key" : config.secrets_key);
}

Result<Keys> load_keys(const Config& config, const std::string& iss, UnixMillis now) {
    std::error_code ec;
    if (!config.data_dir.empty()) fs::create_directories(config.data_dir, ec);
    if (ec) return Error{Errc::internal, "cannot create " + config.data_dir.string() + ": " + ec.message()};
    Result<FileLock> lock = FileLock();
    if (!config.data_dir.empty()) lock = FileLock::acquire(config.data_dir.string());
    if (!lock) return lock.error();
    auto jwt = load_jwt_key(config);
    if (!jwt) return jwt.error();
    auto signer = load_signer(config, iss, now);
    if (!signer) return signer.error();
    auto sealing = load_sealing_keys(config);
    if (!sealing) return sealing.error();
    auto tls = net::make_client_tls(config.webhook_ca_file.string());
    if (!tls) return tls.error();
    return Keys{std::move(*signer), std::move(*jwt), std::move(*sealing), std::move(*tls)};
}

}  // namespace fanion::cp::app
