// distribution.md's acceptance table: what is accepted, each row's code, and that the first failing row decides.

#include <catch2/catch.hpp>

#include "tests/support/catch_result.hpp"
#include "tests/unit/wire/documents.hpp"

using namespace fanion;
using namespace fanion::wire;
using namespace fanion::test;

TEST_CASE("a full ruleset is accepted, and gives back what was signed") {
    const History h;
    const auto result = accept_ruleset(h.full2, h.issuer.trust, h.at_version_1());
    const auto* accepted = std::get_if<Accepted>(&result);
    REQUIRE(accepted);
    CHECK(accepted->items == h.items2);
    CHECK(accepted->payload == to_json(h.manifest2));
    auto again = accepted->full_head;
    append_items(again, accepted->items);
    CHECK(again == h.full2);
}

TEST_CASE("a delta leads to the same bytes as the full ruleset") {
    const History h;
    const auto result = accept_ruleset(h.delta(), h.issuer.trust, h.at_version_1());
    const auto* accepted = std::get_if<Accepted>(&result);
    REQUIRE(accepted);
    auto full = accepted->full_head;
    append_items(full, accepted->items);
    CHECK(full == h.full2);
}

TEST_CASE("a delta without the full hint is accepted, and at rest over the complete items too") {
    const History h;
    auto manifest = h.delta_manifest();
    manifest.full.reset();
    const auto delta = h.delta(manifest, false);
    const auto result = accept_ruleset(delta, h.issuer.trust, h.at_version_1());
    const auto* accepted = std::get_if<Accepted>(&result);
    REQUIRE(accepted);
    CHECK(accepted->full_head.empty());
    auto at_rest = format_signed_head(accepted->signature_line, accepted->payload);
    append_items(at_rest, accepted->items);
    Expected from_file;
    from_file.env_id = "e_5k2j9x";
    CHECK(outcome(accept_ruleset(at_rest, h.issuer.trust, from_file)) == "gap");
    from_file.at_rest = true;
    CHECK(outcome(accept_ruleset(at_rest, h.issuer.trust, from_file)) == "");
    CHECK(outcome(accept_ruleset(delta, h.issuer.trust, from_file)) == "integrity");
}

TEST_CASE("item lines may stand in any order") {
    const History h;
    auto bytes = signed_head(h.issuer.signer, h.manifest1);
    for (auto it = h.items1.items().rbegin(); it != h.items1.items().rend(); ++it)
        append_item_line(bytes, it->first, *it->second.body);
    CHECK(outcome(accept_ruleset(bytes, h.issuer.trust, Expected{})) == "");
}

namespace {

// One fault for each row of the table, in its order. Faults of the manifest are signed by the true signer.
struct Fault {
    const char* code;
    void (*in_manifest)(Manifest&);
    void (*in_expected)(Expected&);
    void (*in_bytes)(std::string&);
};

void nothing(Manifest&) {}
void nothing(Expected&) {}
void nothing(std::string&) {}

void flip_signature(std::string& bytes) {
    auto& c = bytes[bytes.find("\"sig\":\"") + 10];
    c = c == 'A' ? 'B' : 'A';
}
void break_line_0(std::string& bytes) { bytes.replace(bytes.find("\"v\":1"), 5, "\"v\":7"); }
void add_item(std::string& bytes) { bytes += "flag/extra\t{}\n"; }
bool everything(const Floor&) { return true; }

const std::vector<Fault> faults{
    {"too_large", nothing, [](Expected& e) { e.max_bytes = 10; }, nothing},
    {"malformed", nothing, nothing, break_line_0},
    {"bad_signature", nothing, nothing, flip_signature},
    {"wrong_audience", [](Manifest& m) { m.iss = "fanion:other"; }, nothing, nothing},
    {"unsupported", [](Manifest& m) { m.min_reader = 2; }, nothing, nothing},
    {"rollback", nothing,
     [](Expected& e) {
         e.floor = Floor{{epoch, 9}, {}};
     },
     nothing},
    {"gap", nothing, [](Expected& e) { e.held_root[0] ^= 1; }, nothing},
    {"quarantined", nothing, [](Expected& e) { e.is_quarantined = everything; }, nothing},
    {"integrity", nothing, nothing, add_item},
};

std::string outcome_with(const History& h, const std::vector<const Fault*>& present) {
    auto manifest = h.delta_manifest();
    auto expected = h.at_version_1();
    manifest.full.reset();
    for (const auto* fault : present) fault->in_manifest(manifest);
    auto bytes = h.delta(manifest, false);
    for (const auto* fault : present) {
        fault->in_expected(expected);
        fault->in_bytes(bytes);
    }
    return outcome(accept_ruleset(bytes, h.issuer.trust, expected));
}

}  // namespace

TEST_CASE("each row of the table has its code, and of two faults the earlier row's") {
    const History h;
    CHECK(outcome_with(h, {}) == "");
    for (std::size_t i = 0; i < faults.size(); ++i) {
        CHECK(outcome_with(h, {&faults[i]}) == faults[i].code);
        for (std::size_t j = i + 1; j < faults.size(); ++j) {
            INFO(faults[i].code << " and " << faults[j].code);
            CHECK(outcome_with(h, {&faults[i], &faults[j]}) == faults[i].code);
        }
    }
}

TEST_CASE("the same version with another root is equivocation, below the floor is rollback") {
    const History h;
    auto expected = h.at_version_1();
    CHECK(outcome(accept_ruleset(h.full1, h.issuer.trust, expected)) == "");
    expected.floor->root[0] ^= 1;
    CHECK(outcome(accept_ruleset(h.full1, h.issuer.trust, expected)) == "equivocation");
    expected.floor = Floor{h.manifest2.version, h.manifest2.root};
    CHECK(outcome(accept_ruleset(h.full1, h.issuer.trust, expected)) == "rollback");
    expected.floor = Floor{{epoch + 1, 0}, {}};
    CHECK(outcome(accept_ruleset(h.full2, h.issuer.trust, expected)) == "rollback");
    auto trust = h.issuer.trust;
    trust.epoch_floor = epoch + 1;
    CHECK(outcome(accept_ruleset(h.full2, trust, Expected{})) == "rollback");
}

TEST_CASE("another environment and another type are another audience") {
    const History h;
    auto expected = h.at_version_1();
    expected.env_id = "e_other";
    CHECK(outcome(accept_ruleset(h.full2, h.issuer.trust, expected)) == "wrong_audience");
    expected.env_id = "";
    CHECK(outcome(accept_ruleset(h.full2, h.issuer.trust, expected)) == "");
    CHECK(outcome(accept_ruleset(signed_head(h.issuer.signer, h.head_manifest()), h.issuer.trust, expected)) ==
          "wrong_audience");
    CHECK(outcome(accept_head(signed_head(h.issuer.signer, h.manifest2), h.issuer.trust, expected)) ==
          "wrong_audience");
}

TEST_CASE("the signer must be trusted, in time and in scope") {
    const History h;
    const auto code = [&](auto change) {
        auto trust = h.issuer.trust;
        change(trust);
        return outcome(accept_ruleset(h.full2, trust, h.at_version_1()));
    };
    CHECK(code([](TrustDocument&) {}) == "");
    CHECK(code([](TrustDocument& t) { t.signers.clear(); }) == "bad_signature");
    CHECK(code([](TrustDocument& t) { t.signers[0].not_before = then + 1; }) == "bad_signature");
    CHECK(code([](TrustDocument& t) { t.signers[0].not_after = then; }) == "bad_signature");
    CHECK(code([](TrustDocument& t) { t.signers[0].scope = {"other"}; }) == "bad_signature");
    const auto stranger = full_document(fixed_key('x'), h.manifest2, h.items2);
    CHECK(outcome(accept_ruleset(stranger, h.issuer.trust, h.at_version_1())) == "bad_signature");
}

TEST_CASE("count, bytes and root of the manifest are each held against the items") {
    const History h;
    const auto code = [&](auto change) {
        auto manifest = h.manifest2;
        change(manifest);
        return outcome(accept_ruleset(full_document(h.issuer.signer, manifest, h.items2), h.issuer.trust, Expected{}));
    };
    CHECK(code([](Manifest&) {}) == "");
    CHECK(code([](Manifest& m) { ++m.items; }) == "integrity");
    CHECK(code([](Manifest& m) { --m.bytes; }) == "integrity");
    CHECK(code([](Manifest& m) { m.root[31] ^= 1; }) == "integrity");
}

TEST_CASE("redacted, repeated and tombstone lines are integrity faults of a full ruleset") {
    const History h;
    for (const auto& line : {"flag/zoom\t#" + to_hex(sha256("x")), std::string("flag/zoom\t{}"),
                             std::string("flag/zoom\t"), std::string("no tab"), std::string("")}) {
        INFO(line);
        CHECK(outcome(accept_ruleset(h.full2 + line + "\n", h.issuer.trust, Expected{})) == "integrity");
    }
    auto redacted = h.items2;
    redacted.put_redacted("flag/zoom", h.items2.items().at("flag/zoom").hash);
    auto manifest = manifest_of(redacted, 2);
    CHECK(outcome(accept_ruleset(full_document(h.issuer.signer, manifest, redacted), h.issuer.trust, Expected{})) ==
          "integrity");
}

TEST_CASE("a full ruleset with withheld items is accepted where it is only evaluated") {
    const History h;
    auto withheld = h.items2;
    withheld.put_redacted("flag/zoom", h.items2.items().at("flag/zoom").hash);
    const auto document = full_document(h.issuer.signer, h.manifest2, withheld);
    CHECK(outcome(accept_ruleset(document, h.issuer.trust, Expected{})) == "integrity");
    Expected evaluating;
    evaluating.redacted = Redacted::accepted;
    CHECK(outcome(accept_ruleset(document, h.issuer.trust, evaluating)).empty());
    withheld.put_redacted("flag/zoom", sha256("another"));
    CHECK(outcome(accept_ruleset(full_document(h.issuer.signer, h.manifest2, withheld), h.issuer.trust, evaluating)) ==
          "integrity");
}

TEST_CASE("a manifest past 4 KiB is malformed") {
    const History h;
    auto manifest = h.manifest2;
    manifest.update_class = std::string(5000, 'x');
    CHECK(outcome(accept_ruleset(full_document(h.issuer.signer, manifest, h.items2), h.issuer.trust, Expected{})) ==
          "malformed");
}

TEST_CASE("the full hint of a delta must be there when it is named, signed, and of the same ruleset") {
    const History h;
    const auto expected = h.at_version_1();
    CHECK(outcome(accept_ruleset(h.delta(h.delta_manifest(), false), h.issuer.trust, expected)) == "malformed");
    auto manifest = h.delta_manifest();
    manifest.full = sha256("other");
    CHECK(outcome(accept_ruleset(h.delta(manifest), h.issuer.trust, expected)) == "malformed");
    manifest.full.reset();
    CHECK(outcome(accept_ruleset(h.delta(manifest), h.issuer.trust, expected)) == "");
    manifest.min_reader = 0;
    CHECK(outcome(accept_ruleset(h.delta(manifest), h.issuer.trust, expected)) == "bad_signature");
}

TEST_CASE("heads and revocations pass steps 1 to 6 and carry no items") {
    const History h;
    auto expected = h.at_version_1();
    const auto head = signed_head(h.issuer.signer, h.head_manifest());
    const auto result = accept_head(head, h.issuer.trust, expected);
    REQUIRE(std::holds_alternative<AcceptedHead>(result));
    CHECK(std::get<AcceptedHead>(result).manifest.expires_at == then + 60'000);
    CHECK(outcome(accept_head(head + "flag/a\t{}\n", h.issuer.trust, expected)) == "malformed");
    auto revoked = manifest_of(ItemSet(), 3, ManifestType::revoked);
    CHECK(outcome(accept_head(signed_head(h.issuer.signer, revoked), h.issuer.trust, expected)) == "");
    CHECK(outcome(accept_head(signed_head(fixed_key('x'), revoked), h.issuer.trust, expected)) == "bad_signature");
    expected.floor = Floor{{epoch, 9}, {}};
    CHECK(outcome(accept_head(head, h.issuer.trust, expected)) == "rollback");
    expected.max_bytes = 3;
    CHECK(outcome(accept_head(head, h.issuer.trust, expected)) == "too_large");
}
