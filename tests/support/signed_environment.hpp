#pragma once

// Makes signed documents like those of the control plane, for tests of the relay.

#include <map>
#include <string>

#include "common/base/clock.hpp"
#include "common/base/crypto.hpp"
#include "common/wire/delta.hpp"
#include "common/wire/envelope.hpp"
#include "common/wire/manifest.hpp"
#include "common/wire/trust.hpp"

namespace fanion::test {

// An environment of one issuer, with a version that commit() increments. Not thread-safe.
class SignedEnvironment {
public:
    static constexpr std::string_view issuer = "fanion:test";
    static constexpr UnixMillis start = 1'763'720'000'000;

    explicit SignedEnvironment(std::string env_id)
        : env_id_(std::move(env_id)), root_key_(Ed25519PrivateKey::generate()), signer_(Ed25519PrivateKey::generate()) {
        put("environment", R"({"org":"acme","project":"web","key":"production","env_id":")" + env_id_ + R"("})");
    }
    // Another environment with the same keys.
    SignedEnvironment(std::string env_id, const SignedEnvironment& like)
        : env_id_(std::move(env_id)), root_key_(like.root_key_), signer_(like.signer_) {
        put("environment", R"({"org":"acme","project":"web","key":"staging","env_id":")" + env_id_ + R"("})");
    }

    std::string trust() const { return wire::make_trust(issuer, root_key_, signer_.public_key(), start - 1'000); }
    const Ed25519PrivateKey& root_key() const { return root_key_; }
    const Ed25519PrivateKey& signer() const { return signer_; }

    void put(std::string_view key, std::string body) {
        items_.put(key, std::make_shared<const std::string>(std::move(body)));
    }
    void erase(std::string_view key) { items_.erase(key); }
    void put_boolean_flag(const std::string& key, bool on) { put("flag/" + key, boolean_flag(key, on)); }
    void put_server_key(const std::string& id, std::string_view secret) { put_key(id, "server", secret); }
    void put_relay_key(const std::string& id, std::string_view secret) { put_key(id, "relay", secret); }
    static std::string boolean_flag(const std::string& key, bool on) {
        return R"({"key":")" + key +
               R"(","type":"boolean","version":1,"enabled":true,"client":false,"track":false,"salt":")" + key +
               R"(","variations":[{"key":"on","value":true},{"key":"off","value":false}],"off":"off",)" +
               R"("prerequisites":[],"targets":[],"rules":[],"fallthrough":{"variation":")" + (on ? "on" : "off") +
               R"("}})";
    }

    // Makes the next version and returns its full form. delta() then leads from the previous
    // version to it.
    std::string commit() {
        before_ = committed_;
        before_version_ = version_;
        ++version_.number;
        committed_ = items_;
        return full();
    }
    std::string full() const { return sign(manifest(wire::ManifestType::full), item_lines()); }
    // The delta from the previous version, with the full manifest in line 0.
    std::string delta() const {
        const auto full = wire::to_json(manifest(wire::ManifestType::full));
        auto m = delta_manifest();
        m.full = sha256(full);
        const auto payload = wire::to_json(m);
        const wire::SignatureLine line{{signature(payload)}, wire::FullHint{full, {signature(full)}}};
        return wire::format_signed_head(line, payload) + delta_lines();
    }
    std::string delta_without_hint() const { return sign(delta_manifest(), delta_lines()); }
    std::string head(UnixMillis issued_at, UnixMillis lifetime = 60'000) const {
        auto m = manifest(wire::ManifestType::head);
        m.issued_at = issued_at;
        m.expires_at = issued_at + lifetime;
        return sign(m, "");
    }
    std::string revoked(UnixMillis issued_at) const {
        auto m = manifest(wire::ManifestType::revoked);
        m.issued_at = issued_at;
        return sign(m, "");
    }

    const std::string& env_id() const { return env_id_; }
    wire::Version version() const { return version_; }
    void set_version(wire::Version version) { version_ = version; }
    Sha256 root() const { return committed_.root(); }

    wire::Manifest manifest(wire::ManifestType type) const {
        wire::Manifest m;
        m.type = type;
        m.iss = issuer;
        m.org = "acme";
        m.project = "web";
        m.env = "production";
        m.env_id = env_id_;
        m.version = version_;
        m.root = committed_.root();
        m.items = committed_.size();
        m.bytes = committed_.bytes();
        m.issued_at = start + static_cast<UnixMillis>(version_.number);
        return m;
    }
    std::string sign(const wire::Manifest& m, const std::string& lines) const {
        const auto payload = wire::to_json(m);
        return wire::format_signed_head({{signature(payload)}, std::nullopt}, payload) + lines;
    }
    wire::Signature signature(std::string_view payload) const {
        return wire::sign_payload(signer_, wire::manifest_payload_type, payload);
    }
    wire::Manifest delta_manifest() const {
        auto m = manifest(wire::ManifestType::delta);
        m.base = wire::DeltaBase{before_version_, before_.root()};
        return m;
    }
    std::string delta_lines() const {
        std::string lines;
        wire::append_changes(lines, wire::changes_between(before_, committed_));
        return lines;
    }
    std::string item_lines() const {
        std::string lines;
        wire::append_items(lines, committed_);
        return lines;
    }

private:
    void put_key(const std::string& id, const std::string& kind, std::string_view secret) {
        put("access/" + id, R"({"id":")" + id + R"(","kind":")" + kind + R"(","sha256":")" + to_hex(sha256(secret)) +
                                R"(","not_before":null,"not_after":null,"origins":[]})");
    }

    std::string env_id_;
    Ed25519PrivateKey root_key_;
    Ed25519PrivateKey signer_;
    wire::Version version_{1'763'719'200, 0};
    wire::Version before_version_;
    wire::ItemSet items_, committed_, before_;
};

}  // namespace fanion::test
