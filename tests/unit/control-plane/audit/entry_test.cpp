#include "control-plane/audit/entry.hpp"

#include <catch2/catch.hpp>
#include <vector>

#include "tests/support/catch_result.hpp"

using namespace fanion;
using cp::audit::AuditEntry;
using cp::audit::ChainLink;

namespace {

AuditEntry entry(std::uint64_t seq) {
    AuditEntry made;
    made.org_id = cp::access::OrgId("o_1");
    made.seq = seq;
    made.id = "a_" + std::to_string(seq);
    made.at = 1'763'720'000'000;
    made.actor_id = "u_1";
    made.action = cp::audit::Action::flag_updated;
    made.resource = "projects/web/flags/a";
    made.before = R"({"enabled":false})";
    made.after = R"({"enabled":true})";
    return made;
}

std::vector<ChainLink> chain(std::size_t length) {
    std::vector<ChainLink> links;
    Sha256 previous{};
    for (std::uint64_t seq = 1; seq <= length; ++seq) {
        ChainLink link{seq, cp::audit::canonical_bytes(entry(seq)), previous, {}};
        link.hash = previous = cp::audit::chain_hash(previous, link.canonical);
        links.push_back(std::move(link));
    }
    return links;
}

}  // namespace

TEST_CASE("canonical bytes name everything in one order") {
    CHECK(cp::audit::canonical_bytes(entry(7)) ==
          R"({"org_id":"o_1","seq":7,"id":"a_7","at":1763720000000,"actor_kind":"user","actor_id":"u_1",)"
          R"("credential_id":"","action":"flag.updated","resource":"projects/web/flags/a","before":{"enabled":false},)"
          R"("after":{"enabled":true},"comment":"","request_id":"","peer":""})");
}

TEST_CASE("the hash is SHA-256 over the previous hash and the canonical bytes") {
    const Sha256 zero{};
    CHECK(cp::audit::chain_hash(zero, "x") == sha256(std::string(32, '\0') + "x"));
}

TEST_CASE("an untouched chain holds, also from its middle") {
    const auto links = chain(5);
    CHECK_FALSE(cp::audit::first_broken(links));
    CHECK_FALSE(cp::audit::first_broken(std::span(links).subspan(2)));
    CHECK_FALSE(cp::audit::first_broken({}));
}

TEST_CASE("any change, removal or reordering of an entry breaks the chain") {
    auto changed = chain(5);
    changed[2].canonical.replace(changed[2].canonical.find("true"), 4, "null");
    CHECK(cp::audit::first_broken(changed) == 3);

    auto removed = chain(5);
    removed.erase(removed.begin() + 1);
    CHECK(cp::audit::first_broken(removed) == 3);

    auto swapped = chain(5);
    std::swap(swapped[3], swapped[4]);
    CHECK(cp::audit::first_broken(swapped) == 5);

    auto rewritten = chain(5);  // also its own hash: then the next one does not follow
    rewritten[1].canonical += ' ';
    rewritten[1].hash = cp::audit::chain_hash(rewritten[1].previous, rewritten[1].canonical);
    CHECK(cp::audit::first_broken(rewritten) == 3);

    auto beheaded = chain(2);
    beheaded[0].previous[0] = 1;
    beheaded[0].hash = cp::audit::chain_hash(beheaded[0].previous, beheaded[0].canonical);
    CHECK(cp::audit::first_broken(beheaded) == 1);
}

TEST_CASE("actions and actors are stored under the names that the API shows") {
    using cp::audit::Action;
    CHECK(name_of(Action::org_created) == "org.created");
    CHECK(name_of(Action::flag_configured) == "flag.configured");
    CHECK(name_of(Action::session_denied) == "session.denied");
    CHECK(name_of(Action::request_refused) == "request.refused");
    CHECK(name_of(cp::access::ActorKind::user) == "user");
    CHECK(name_of(cp::access::ActorKind::key) == "key");
    CHECK(name_of(cp::access::ActorKind::anonymous) == "anonymous");
}
