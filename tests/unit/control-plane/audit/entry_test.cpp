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
    CHECK(name_of(cp::access::ActorKind::host_operator) == "operator");
    CHECK(name_of(cp::access::ActorKind::system) == "system");
    for (auto action : {Action::org_created, Action::session_denied, Action::password_reset_issued})
        CHECK(cp::audit::parse_action(name_of(action)) == action);
    for (const auto* unknown : {"", "flag", "flag.", "Flag.created"}) CHECK_FALSE(cp::audit::parse_action(unknown));
}

TEST_CASE("the versions that a change published are part of its entry") {
    auto made = entry(7);
    made.published = {{"production", "1763719200.4711"}, {"staging", "1763719200.4"}};
    CHECK(cp::audit::canonical_bytes(made).ends_with(
        R"("peer":"","published":{"production":"1763719200.4711","staging":"1763719200.4"}})"));
}

TEST_CASE("an entry names its group where that is another entry") {
    auto made = entry(7);
    const auto alone = cp::audit::canonical_bytes(made);
    made.group = made.id;
    CHECK(cp::audit::canonical_bytes(made) == alone);
    made.group = "a_5";
    CHECK(cp::audit::canonical_bytes(made).find(R"("resource":"projects/web/flags/a","group":"a_5","before")") !=
          std::string::npos);
}

TEST_CASE("states of a usual size are whole in the entry") {
    auto made = entry(7);
    const auto before = cp::audit::canonical_bytes(made);
    CHECK_FALSE(cp::audit::has_large_states(made));
    CHECK_FALSE(cp::audit::is_slow_to_compact(made));
    cp::audit::compact_states(made);
    CHECK(made.patch == R"([{"op":"replace","path":"/enabled","value":true}])");
    made.patch.reset();
    CHECK(cp::audit::canonical_bytes(made) == before);
}

TEST_CASE("of a large change the entry has the patch and the hashes of both states") {
    const auto list = [](const char* last) {
        std::string text = R"({"included":[)";
        for (int i = 0; i < 10'000; ++i) text += "\"user-" + std::to_string(i) + "\",";
        return text + last + "]}";
    };
    auto made = entry(7);
    made.before = list(R"("ada")");
    made.after = list(R"("bob")");
    const auto before = *made.before;
    const auto after = *made.after;
    CHECK(cp::audit::has_large_states(made));
    cp::audit::compact_states(made);
    CHECK(cp::audit::canonical_bytes(made).find(
              R"("before":null,"after":null,"patch":[{"op":"replace","path":"/included/10000","value":"bob"}],)"
              R"("before_sha256":")" +
              to_hex(sha256(before)) + R"(","after_sha256":")" + to_hex(sha256(after)) + "\",") != std::string::npos);
    CHECK(cp::audit::canonical_bytes(made).size() < 1'000);
}

TEST_CASE("what is created is whole in its entry; what is deleted too, up to a size") {
    auto made = entry(7);
    made.before.reset();
    made.after = '"' + std::string(2'000'000, 'x') + '"';
    const auto created = cp::audit::canonical_bytes(made);
    cp::audit::compact_states(made);
    CHECK(cp::audit::canonical_bytes(made) == created);
    auto gone = entry(8);
    gone.after.reset();
    gone.before = '"' + std::string(cp::audit::last_state_bytes - 2, 'x') + '"';
    const auto whole = *gone.before;
    cp::audit::compact_states(gone);
    CHECK(gone.before == whole);
    gone.before->insert(1, "x");
    const auto hash = sha256(*gone.before);
    cp::audit::compact_states(gone);
    CHECK_FALSE(gone.before);
    CHECK(gone.before_sha256 == hash);
}

TEST_CASE("an entry is shown with its time and its actor's address; all else is as it was hashed") {
    CHECK(cp::audit::shown_entry(cp::audit::canonical_bytes(entry(7)), "ada@example.com") ==
          R"({"org_id":"o_1","seq":7,"id":"a_7","at":"2025-11-21T10:13:20.000Z","actor_kind":"user","actor_id":"u_1",)"
          R"("actor_email":"ada@example.com","credential_id":"","action":"flag.updated",)"
          R"("resource":"projects/web/flags/a","before":{"enabled":false},"after":{"enabled":true},"comment":"",)"
          R"("request_id":"","peer":""})");
    auto odd = entry(7);
    odd.after = R"({"at":1763720000000,"actor_id":"x","text":"a\u0000b"})";
    const auto shown = cp::audit::shown_entry(cp::audit::canonical_bytes(odd), "");
    CHECK(shown.find(R"("after":{"at":1763720000000,"actor_id":"x","text":"a\u0000b"})") != std::string::npos);
    CHECK(shown.find("actor_email") == std::string::npos);
}
