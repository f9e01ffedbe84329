// Signer, trust chain, and from changes to signed documents that a receiver accepts.

#include <catch2/catch.hpp>

#include "control-plane/publish/snapshot_builder.hpp"
#include "tests/support/catch_result.hpp"
#include "tests/unit/wire/documents.hpp"

using namespace fanion;
using namespace fanion::cp::publish;
using test::body;
using test::fixed_key;
using test::then;

namespace {

Signer make_signer() {
    const auto key = fixed_key('s');
    return Signer::make(key.to_pem(), wire::make_trust("fanion:1", fixed_key('r'), key.public_key(), then - 1), then)
        .value();
}

std::string flag(std::string_view key, std::string_view serve) {
    std::string out(R"({"key":")");
    out += key;
    out += R"(","type":"boolean","version":1,"enabled":true,"client":false,"variations":[{"key":"on","value":true},)";
    out +=
        R"({"key":"off","value":false}],"off":"off","prerequisites":[],"targets":[],"rules":[],"fallthrough":{"variation":")";
    out += serve;
    out += R"("},"salt":"s","track":false})";
    return out;
}

cp::projects::Environment environment() {
    cp::projects::Environment env;
    env.env_id = cp::access::EnvironmentId("e_1");
    env.org_id = cp::access::OrgId("o_1");
    env.org_key = "acme";
    env.project_key = "web";
    env.key = "production";
    return env;
}

// What `version` wrote, as a document.
std::string document(const cp::publish::SignedHead& head, const wire::ItemSet& items) {
    auto out = lines_of(head);
    wire::append_items(out, items);
    return out;
}

}  // namespace

TEST_CASE("changes are applied, those that change nothing are left out, and the whole is compiled") {
    EnvironmentImage image;
    const auto first = build_draft(image, {{"flag/a", body(flag("a", "on"))}, {"flag/b", body(flag("b", "on"))}});
    REQUIRE(first);
    CHECK(first->changes.size() == 2);
    CHECK(first->ruleset->flag_count() == 2);
    CHECK(first->root == first->items.root());

    image.items = first->items;
    image.ruleset = first->ruleset;
    const auto second = build_draft(image, {{"flag/b", body(flag("b", "on"))},
                                            {"flag/a", nullptr},
                                            {"flag/unknown", nullptr},
                                            {"flag/c", body(flag("c", "off"))}});
    REQUIRE(second);
    REQUIRE(second->changes.size() == 2);
    CHECK((second->changes[0].key == "flag/a" && !second->changes[0].body));
    CHECK(second->changes[1].key == "flag/c");
    CHECK(second->ruleset->find_flag("a") == eval::Ruleset::npos);
}

TEST_CASE("what does not compile is refused with its item") {
    const auto draft = build_draft({}, {{"flag/a", body(flag("a", "nothing"))}});
    REQUIRE_FALSE(draft);
    CHECK(draft.error().code == Errc::unprocessable);
    REQUIRE_FALSE(draft.error().findings.empty());
    CHECK(draft.error().findings[0].item == "flag/a");
}

TEST_CASE("what is signed leads a receiver from nothing to each version, by full ruleset and by delta") {
    const auto signer = make_signer();
    auto env = environment();
    auto draft1 = build_draft({}, {environment_item(env), {"flag/a", body(flag("a", "on"))}}).value();
    const auto version1 = sign_version(signer, env, draft1, {7, 1}, std::nullopt, then).value();
    CHECK_FALSE(version1.delta);
    CHECK_FALSE(wire::parse_manifest(version1.full.manifest).value().audit);  // the log was empty
    const auto& trust = signer.trust().newest();
    auto result = wire::accept_ruleset(document(version1.full, draft1.items), trust, {});
    REQUIRE(std::holds_alternative<wire::Accepted>(result));
    const auto held = std::get<wire::Accepted>(std::move(result));

    env.version = version1.version;
    env.root = version1.root;
    env.manifest_sha256 = version1.manifest_sha256;
    EnvironmentImage image{version1.version, version1.root, draft1.items, draft1.ruleset};
    auto draft2 = build_draft(image, {{"flag/a", body(flag("a", "off"))}}).value();
    const auto version2 =
        sign_version(signer, env, draft2, {7, 2}, wire::AuditHead{41, sha256("entry")}, then + 1).value();
    REQUIRE(version2.delta);
    auto delta = lines_of(*version2.delta);
    wire::append_changes(delta, version2.changes);
    wire::Expected expected;
    expected.held = &held.items;
    expected.held_version = held.manifest.version;
    expected.held_root = held.manifest.root;
    auto patched = wire::accept_ruleset(delta, trust, expected);
    REQUIRE(test::outcome(patched).empty());
    const auto& accepted = std::get<wire::Accepted>(patched);
    CHECK(accepted.full_head == lines_of(version2.full));
    CHECK(accepted.manifest.prev == sha256(version1.full.manifest));
    CHECK(accepted.manifest.audit == wire::AuditHead{41, sha256("entry")});
    CHECK(wire::parse_manifest(version2.full.manifest).value().audit == accepted.manifest.audit);

    const auto head = head_manifest(wire::parse_manifest(version2.full.manifest).value(), then, then + 60'000);
    CHECK(test::outcome(wire::accept_head(lines_of(signer.sign(head).value()), trust, expected)).empty());

    // The trace of the change goes along with the delta, and nothing that is signed depends on it.
    const std::string trace = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";
    const auto traced =
        sign_version(signer, env, draft2, {7, 2}, wire::AuditHead{41, sha256("entry")}, then + 1, trace).value();
    CHECK(traced.full.line0 == version2.full.line0);
    CHECK(traced.full.manifest == version2.full.manifest);
    CHECK(traced.delta->manifest == version2.delta->manifest);
    auto traced_delta = lines_of(*traced.delta);
    wire::append_changes(traced_delta, traced.changes);
    auto traced_result = wire::accept_ruleset(traced_delta, trust, expected);
    REQUIRE(test::outcome(traced_result).empty());
    CHECK(std::get<wire::Accepted>(traced_result).signature_line.trace == trace);
}

TEST_CASE("the first version of a new epoch has no delta") {
    const auto signer = make_signer();
    auto env = environment();
    env.version = {7, 4};
    env.root = sha256("x");
    const auto draft = build_draft({}, {environment_item(env)}).value();
    CHECK_FALSE(sign_version(signer, env, draft, {8, 5}, std::nullopt, then).value().delta);
    CHECK(sign_version(signer, env, draft, {7, 5}, std::nullopt, then).value().delta);
}

TEST_CASE("a signer's key must be named by the newest trust document, in its time") {
    const auto key = fixed_key('s');
    const auto trust = wire::make_trust("fanion:1", fixed_key('r'), key.public_key(), then);
    CHECK(Signer::make(key.to_pem(), trust, then));
    CHECK_FALSE(Signer::make(key.to_pem(), trust, then - 1));
    CHECK_FALSE(Signer::make(fixed_key('x').to_pem(), trust, then));
    CHECK_FALSE(Signer::make("none", trust, then));
    CHECK_FALSE(Signer::make(key.to_pem(), "none", then));
}

TEST_CASE("a chain of trust documents is walked, and given out from a version on") {
    const auto root = fixed_key('r');
    const auto first = wire::make_trust("fanion:1", root, fixed_key('s').public_key(), then);
    auto document = wire::parse_first_trust(first).value();
    document.version = 2;
    const auto payload = wire::to_json(document);
    wire::SignatureLine line0;
    line0.signatures.push_back(wire::sign_payload(root, wire::trust_payload_type, payload));
    const auto second = wire::format_signed_head(line0, payload);
    const auto chain = TrustChain::parse(first + second);
    REQUIRE(chain);
    CHECK(chain->newest().version == 2);
    CHECK(chain->after(0) == first + second);
    CHECK(chain->after(1) == second);
    CHECK(chain->after(2).empty());
    CHECK_FALSE(TrustChain::parse(first + first));
    CHECK_FALSE(TrustChain::parse(second.substr(1)));
    CHECK_FALSE(TrustChain::parse(""));
}

TEST_CASE("a change that takes flags from client keys with rules warns with their names, whatever item it is of") {
    const auto segment = [](bool client) {
        return body(std::string(R"({"key":"s","version":1,)") + (client ? R"("client":true,)" : "") +
                    R"("included":[],"excluded":[],"rules":[]})");
    };
    auto marked = flag("a", "on");
    marked.replace(marked.find(R"("client":false)"), 14, R"("client":true)");
    const auto when = R"({"id":"r1","when":{"op":"in_segment","values":["s"]},"serve":{"variation":"off"}})";
    marked.replace(marked.find(R"("rules":[])"), 10, R"("rules":[)" + std::string(when) + "]");
    const auto key =
        R"({"id":"k","kind":"client","sha256":")" + std::string(64, 'a') + R"(","origins":[],"rules":true})";
    const auto first =
        build_draft({}, {{"access/k", body(key)}, {"flag/a", body(marked)}, {"segment/s", segment(true)}}, "segment/s");
    REQUIRE(first);
    CHECK(first->warnings.empty());
    EnvironmentImage image;
    image.items = first->items;
    const auto second = build_draft(image, {{"segment/s", segment(false)}}, "segment/s");
    REQUIRE(second);
    REQUIRE(second->warnings.size() == 1);
    CHECK(second->warnings[0].code == "withheld_from_clients");
    CHECK(second->warnings[0].item == "segment/s");
    CHECK(second->warnings[0].detail.find("`a`") != std::string::npos);
}
