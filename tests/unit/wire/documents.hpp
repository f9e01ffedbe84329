#pragma once

// Signed documents for the tests of common/wire: an issuer with fixed keys (their seeds are in this
// file: they guard nothing) and builders whose output is the same in every run.

#include <string>
#include <string_view>
#include <variant>

#include "common/wire/acceptance.hpp"
#include "common/wire/delta.hpp"
#include "common/wire/envelope.hpp"
#include "common/wire/trust.hpp"

namespace fanion::test {

using namespace wire;

inline constexpr UnixMillis then = 1'763'720'000'123;
inline constexpr std::uint64_t epoch = 1'763'719'200;

// A private key from 32 times one byte, as PKCS#8.
inline Ed25519PrivateKey fixed_key(char byte) {
    const std::string der = *from_hex("302e020100300506032b657004220420") + std::string(32, byte);
    return Ed25519PrivateKey::from_pem("-----BEGIN PRIVATE KEY-----\n" + to_base64(der) +
                                       "\n-----END PRIVATE KEY-----\n")
        .value();
}

inline std::shared_ptr<const std::string> body(std::string_view text) {
    return std::make_shared<const std::string>(text);
}

struct Issuer {
    Ed25519PrivateKey root = fixed_key('r');
    Ed25519PrivateKey signer = fixed_key('s');
    TrustDocument trust = parse_first_trust(make_trust("fanion:7d1f", root, signer.public_key(), then - 1000)).value();
};

inline ItemSet first_items() {
    ItemSet items;
    items.put("environment", body(R"({"org":"acme","project":"web","key":"production","env_id":"e_5k2j9x"})"));
    items.put(
        "flag/new-checkout",
        body(R"({"key":"new-checkout","type":"boolean","version":1,"enabled":true,"client":true,)"
             R"("variations":[{"key":"on","value":true},{"key":"off","value":false}],"off":"off","prerequisites":[],)"
             R"("targets":[],"rules":[],"fallthrough":{"variation":"off"},"salt":"new-checkout","track":false})"));
    items.put("flag/zoom",
              body(R"({"key":"zoom","type":"number","version":1,"enabled":true,"client":false,)"
                   R"("variations":[{"key":"one","value":1.0},{"key":"two","value":2}],"off":null,"prerequisites":[],)"
                   R"("targets":[],"rules":[],"fallthrough":{"variation":"one"},"salt":"zoom","track":false})"));
    items.put("segment/beta", body(R"({"key":"beta","version":1,"included":[{"attribute":"targetingKey",)"
                                   R"("values":["alice","日本語"]}],"excluded":[],"rules":[]})"));
    return items;
}

// first_items with one flag changed, one segment removed and another added.
inline ItemSet second_items() {
    auto items = first_items();
    items.put(
        "flag/new-checkout",
        body(R"({"key":"new-checkout","type":"boolean","version":2,"enabled":true,"client":true,)"
             R"("variations":[{"key":"on","value":true},{"key":"off","value":false}],"off":"off","prerequisites":[],)"
             R"("targets":[],"rules":[],"fallthrough":{"variation":"on"},"salt":"new-checkout","track":false})"));
    items.erase("segment/beta");
    items.put("segment/staff", body(R"({"key":"staff","version":2,"included":[],"excluded":[],"rules":[]})"));
    return items;
}

inline Manifest manifest_of(const ItemSet& items, std::uint64_t number, ManifestType type = ManifestType::full) {
    Manifest m;
    m.type = type;
    m.iss = "fanion:7d1f";
    m.org = "acme";
    m.project = "web";
    m.env = "production";
    m.env_id = "e_5k2j9x";
    m.version = {epoch, number};
    m.root = items.root();
    m.items = items.size();
    m.bytes = items.bytes();
    m.issued_at = then;
    return m;
}

inline SignatureLine sign(const Ed25519PrivateKey& key, std::string_view payload) {
    SignatureLine line;
    line.signatures.push_back(sign_payload(key, manifest_payload_type, payload));
    return line;
}

inline std::string signed_head(const Ed25519PrivateKey& key, const Manifest& manifest) {
    const auto payload = to_json(manifest);
    return format_signed_head(sign(key, payload), payload);
}

inline std::string full_document(const Ed25519PrivateKey& key, const Manifest& manifest, const ItemSet& items) {
    auto out = signed_head(key, manifest);
    append_items(out, items);
    return out;
}

// Version 1 with first_items, version 2 with second_items, the delta between them, and a head.
struct History {
    Issuer issuer;
    ItemSet items1 = first_items();
    ItemSet items2 = second_items();
    Manifest manifest1 = manifest_of(items1, 1);
    Manifest manifest2 = with_prev(manifest_of(items2, 2));
    std::string full1 = full_document(issuer.signer, manifest1, items1);
    std::string full2 = full_document(issuer.signer, manifest2, items2);

    Manifest delta_manifest() const {
        auto m = manifest2;
        m.type = ManifestType::delta;
        m.base = DeltaBase{manifest1.version, manifest1.root};
        m.full = sha256(to_json(manifest2));
        return m;
    }

    std::string delta(const Manifest& manifest, bool with_hint = true) const {
        const auto payload = to_json(manifest);
        auto line0 = sign(issuer.signer, payload);
        const auto full = to_json(manifest2);
        if (with_hint) line0.full = FullHint{full, sign(issuer.signer, full).signatures};
        auto out = format_signed_head(line0, payload);
        append_changes(out, changes_between(items1, items2));
        return out;
    }
    std::string delta() const { return delta(delta_manifest()); }

    Manifest head_manifest() const {
        auto m = manifest2;
        m.type = ManifestType::head;
        m.prev.reset();
        m.expires_at = then + 60'000;
        return m;
    }

    // What a relay that holds version 1 expects.
    Expected at_version_1() const {
        Expected expected;
        expected.env_id = "e_5k2j9x";
        expected.floor = Floor{manifest1.version, manifest1.root};
        expected.held = &items1;
        expected.held_version = manifest1.version;
        expected.held_root = manifest1.root;
        return expected;
    }

private:
    Manifest with_prev(Manifest m) const {
        m.prev = sha256(to_json(manifest1));
        return m;
    }
};

// "" when accepted, else the code's name.
inline std::string outcome(const std::variant<Accepted, Rejection>& result) {
    const auto* rejection = std::get_if<Rejection>(&result);
    return rejection ? std::string(name_of(rejection->code)) : "";
}
inline std::string outcome(const std::variant<AcceptedHead, Rejection>& result) {
    const auto* rejection = std::get_if<Rejection>(&result);
    return rejection ? std::string(name_of(rejection->code)) : "";
}

}  // namespace fanion::test
