#include <catch2/catch.hpp>

#include "tests/support/catch_result.hpp"
#include "tests/unit/wire/documents.hpp"

using namespace fanion;
using namespace fanion::wire;
using fanion::test::fixed_key;

namespace {

std::string signed_by(const TrustDocument& document, const std::vector<Ed25519PrivateKey>& keys) {
    const auto payload = to_json(document);
    SignatureLine line0;
    for (const auto& key : keys) line0.signatures.push_back(sign_payload(key, trust_payload_type, payload));
    return format_signed_head(line0, payload);
}

// Two of three root keys, version 1.
struct TwoOfThree {
    Ed25519PrivateKey a = fixed_key('a');
    Ed25519PrivateKey b = fixed_key('b');
    Ed25519PrivateKey c = fixed_key('c');
    TrustDocument document;

    TwoOfThree() {
        document.iss = "fanion:7d1f";
        document.version = 1;
        document.expires_at = test::then + 1000;
        document.threshold = 2;
        for (const auto* key : {&a, &b, &c}) document.root.push_back({key->public_key(), 0, 0, {}});
        document.signers.push_back({fixed_key('s').public_key(), 0, test::then, {"*"}});
    }
};

}  // namespace

TEST_CASE("a first trust document is signed by its own threshold") {
    const TwoOfThree t;
    CHECK(parse_first_trust(signed_by(t.document, {t.a, t.b})));
    CHECK(parse_first_trust(signed_by(t.document, {t.c, fixed_key('x'), t.a})));
    CHECK_FALSE(parse_first_trust(signed_by(t.document, {t.a})));
    CHECK_FALSE(parse_first_trust(signed_by(t.document, {t.a, t.a})));
    CHECK_FALSE(parse_first_trust(signed_by(t.document, {fixed_key('x'), fixed_key('y')})));
    CHECK_FALSE(parse_first_trust(signed_by(t.document, {t.a, t.b}) + "x"));
}

TEST_CASE("a trust document reads back to the byte") {
    const TwoOfThree t;
    const auto bytes = signed_by(t.document, {t.a, t.b});
    const auto read = parse_first_trust(bytes);
    REQUIRE(read);
    CHECK(to_json(*read) == to_json(t.document));
    CHECK(read->bytes == bytes);
}

TEST_CASE("no byte of a trust document can be changed") {
    const auto bytes = make_trust("fanion:7d1f", fixed_key('r'), fixed_key('s').public_key(), test::then);
    REQUIRE(parse_first_trust(bytes));
    for (std::size_t i = 0; i < bytes.size(); ++i) {
        for (const char flip : {'\x01', '\x20', '\x7f'}) {
            auto changed = bytes;
            changed[i] = static_cast<char>(changed[i] ^ flip);
            INFO("byte " << i);
            REQUIRE_FALSE(parse_first_trust(changed));
        }
        REQUIRE_FALSE(parse_first_trust(bytes.substr(0, i)));
    }
}

TEST_CASE("a successor is one version on and signed by the old threshold and its own") {
    const TwoOfThree t;
    const auto present = parse_first_trust(signed_by(t.document, {t.a, t.b})).value();
    const auto d = fixed_key('d');
    auto next = t.document;
    next.version = 2;
    next.root = {{t.c.public_key(), 0, 0, {}}, {d.public_key(), 0, 0, {}}};
    next.threshold = 2;
    CHECK(parse_next_trust(present, signed_by(next, {t.a, t.c, d})));
    CHECK_FALSE(parse_next_trust(present, signed_by(next, {t.c, d})));         // only one of the old
    CHECK_FALSE(parse_next_trust(present, signed_by(next, {t.a, t.b, t.c})));  // only one of its own
    const auto refused = [&](auto change) {
        auto changed = next;
        change(changed);
        return !parse_next_trust(present, signed_by(changed, {t.a, t.c, d}));
    };
    CHECK(refused([](TrustDocument& x) { x.version = 3; }));
    CHECK(refused([](TrustDocument& x) { x.version = 1; }));
    CHECK(refused([](TrustDocument& x) { x.iss = "other"; }));
    auto raised = present;
    raised.epoch_floor = 5;
    CHECK_FALSE(parse_next_trust(raised, signed_by(next, {t.a, t.c, d})));
}

TEST_CASE("a trust document's keys are Ed25519, named by their own kid and different") {
    const TwoOfThree t;
    const auto good = to_json(t.document);
    const auto refused = [&](std::string_view from, std::string_view to) {
        auto payload = good;
        payload.replace(payload.find(from), from.size(), to);
        SignatureLine line0;
        for (const auto* key : {&t.a, &t.b})
            line0.signatures.push_back(sign_payload(*key, trust_payload_type, payload));
        return !parse_first_trust(format_signed_head(line0, payload));
    };
    CHECK_FALSE(refused("\"typ\"", "\"typ\""));
    CHECK(refused("Ed25519", "RSA"));
    CHECK(refused(t.c.public_key().kid(), "0000000000000000"));
    CHECK(refused(to_base64(t.c.public_key().raw()), "AAAA"));
    CHECK(refused("\"threshold\":2", "\"threshold\":0"));
    CHECK(refused("\"threshold\":2", "\"threshold\":4"));
    auto twins = t.document;
    twins.root[2] = twins.root[1];
    CHECK_FALSE(parse_first_trust(signed_by(twins, {t.a, t.b})));
}

TEST_CASE("a signature counts inside its signer's validity and scope and under its own kid") {
    const auto key = fixed_key('s');
    TrustDocument trust;
    trust.signers.push_back({key.public_key(), 100, 200, {"acme/web", "other"}});
    const auto good = sign_payload(key, manifest_payload_type, "payload");
    const auto holds = [&](std::vector<Signature> signatures, UnixMillis at, const char* org, const char* project) {
        return is_signed_by_trusted(trust, manifest_payload_type, "payload", signatures, at, org, project,
                                    "production");
    };
    CHECK(holds({good}, 100, "acme", "web"));
    CHECK(holds({good}, 199, "other", "anything"));
    CHECK_FALSE(holds({good}, 99, "acme", "web"));
    CHECK_FALSE(holds({good}, 200, "acme", "web"));
    CHECK_FALSE(holds({good}, 100, "acme", "app"));
    CHECK_FALSE(holds({good}, 100, "acm", "web"));
    CHECK_FALSE(holds({{"0000000000000000", good.bytes}}, 100, "acme", "web"));
    CHECK_FALSE(holds({}, 100, "acme", "web"));
    CHECK(holds({{"0000000000000000", good.bytes}, good}, 100, "acme", "web"));
    CHECK_FALSE(holds({sign_payload(key, trust_payload_type, "payload")}, 100, "acme", "web"));
    trust.signers[0].scope = {"acme/web/production"};
    CHECK(holds({good}, 100, "acme", "web"));
    trust.signers[0].scope = {"acme/web/staging"};
    CHECK_FALSE(holds({good}, 100, "acme", "web"));
}
