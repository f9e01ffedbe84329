#include "control-plane/relays/outbox.hpp"

#include <catch2/catch.hpp>

using namespace fanion;
using namespace fanion::cp::relays;
using wire::StreamEvent;
using wire::Version;

namespace {

const cp::access::EnvironmentId e1("e_1"), e2("e_2"), e3("e_3");
constexpr Version v1{7, 1}, v2{7, 2}, v3{7, 3}, v4{7, 4};

net::SharedBytes bytes(std::size_t size = 10) { return std::make_shared<const std::string>(size, 'x'); }

std::string popped(Outbox& outbox) {
    std::string out;
    while (const auto entry = outbox.pop())
        out += entry->env_id.str() + ":" + std::string(wire::name_of(entry->event)) + " ";
    return out;
}

// Holds version 1 of e_1.
Outbox at_version_1(std::size_t max_bytes = 100) {
    Outbox outbox(max_bytes);
    outbox.add(e1, v1, v1);
    return outbox;
}

}  // namespace

TEST_CASE("who holds nothing, or something older, is behind; who holds the newest is not") {
    Outbox outbox(100);
    outbox.add(e1, std::nullopt, v2);
    REQUIRE(outbox.behind());
    CHECK_FALSE(outbox.behind()->held);
    outbox.add(e1, v1, v2);
    CHECK(outbox.behind()->held == v1);
    outbox.add(e1, v2, v2);
    CHECK_FALSE(outbox.behind());
    outbox.add(e1, v3, v2);  // this replica has not read it yet
    CHECK_FALSE(outbox.behind());
}

TEST_CASE("steps are queued one after another") {
    auto outbox = at_version_1();
    outbox.offer_step(e1, v1, v2, bytes());
    outbox.offer_step(e1, v2, v3, bytes());
    CHECK(outbox.queued_bytes() == 20);
    CHECK(popped(outbox) == "e_1:patch e_1:patch ");
    CHECK_FALSE(outbox.behind());
    CHECK(outbox.queued_bytes() == 0);
}

TEST_CASE("a step that does not lead on from what is held asks to be caught up from there") {
    auto outbox = at_version_1();
    outbox.offer_step(e1, v2, v3, bytes());
    CHECK(popped(outbox).empty());
    CHECK(outbox.behind()->held == v1);
    outbox.offer_step(e1, v3, v4, bytes());  // nothing is queued meanwhile
    CHECK(popped(outbox).empty());
    outbox.caught_up(e1, v3, v4);  // what was sent was already old
    CHECK(outbox.behind()->held == v3);
    outbox.caught_up(e1, v4, v4);
    CHECK_FALSE(outbox.behind());
}

TEST_CASE("a step to what is held already is nothing") {
    Outbox outbox(100);
    outbox.add(e1, v3, v3);
    outbox.offer_step(e1, v1, v2, bytes());
    outbox.offer_step(e1, v2, v3, bytes());
    CHECK(popped(outbox).empty());
    CHECK_FALSE(outbox.behind());
}

TEST_CASE("a queue past its bound is replaced by full rulesets of what was lost") {
    auto outbox = at_version_1(25);
    outbox.add(e2, v1, v1);
    outbox.add(e3, v1, v1);
    outbox.offer_step(e1, v1, v2, bytes());
    outbox.offer_step(e2, v1, v2, bytes());
    outbox.offer_step(e1, v2, v3, bytes());
    CHECK(popped(outbox).empty());
    CHECK(outbox.overflows() == 1);
    REQUIRE(outbox.behind());
    CHECK(outbox.behind()->env_id == e1);
    CHECK_FALSE(outbox.behind()->held);
    outbox.caught_up(e1, v3, v3);
    CHECK(outbox.behind()->env_id == e2);
    outbox.caught_up(e2, v2, v2);
    CHECK_FALSE(outbox.behind());
    outbox.offer_step(e1, v3, v4, bytes());
    CHECK(popped(outbox) == "e_1:patch ");
}

TEST_CASE("one event larger than the bound is taken when nothing else waits") {
    auto outbox = at_version_1(25);
    outbox.offer_step(e1, v1, v2, bytes(1000));
    CHECK(popped(outbox) == "e_1:patch ");
    CHECK(outbox.overflows() == 0);
}

TEST_CASE("heads follow what they speak of, and are dropped where there is no room") {
    auto outbox = at_version_1(25);
    outbox.offer_head(e1, v2, bytes());
    CHECK(popped(outbox).empty());
    outbox.offer_step(e1, v1, v2, bytes());
    outbox.offer_head(e1, v2, bytes());
    outbox.offer_head(e1, v2, bytes());
    CHECK(outbox.overflows() == 0);
    CHECK(popped(outbox) == "e_1:patch e_1:head ");
    outbox.offer_version(e1, v4);
    outbox.offer_head(e1, v2, bytes());
    CHECK(popped(outbox).empty());
    CHECK(outbox.behind());
}

TEST_CASE("a version without a step asks for a full ruleset or a longer delta") {
    auto outbox = at_version_1();
    outbox.offer_version(e1, v1);
    CHECK_FALSE(outbox.behind());
    outbox.offer_version(e1, v2);
    CHECK(outbox.behind()->held == v1);
}

TEST_CASE("an environment that is taken away loses its queue and gets its last event") {
    auto outbox = at_version_1(25);
    outbox.offer_step(e1, v1, v2, bytes());
    CHECK(outbox.remove(e1, bytes()));
    CHECK_FALSE(outbox.remove(e1, bytes()));
    outbox.offer_step(e1, v2, v3, bytes());
    outbox.add(e2, v1, v1);
    outbox.offer_step(e2, v1, v2, bytes(20));  // too much: but the revocation stays
    CHECK(popped(outbox) == "e_1:revoked ");
    CHECK(outbox.env_ids() == std::vector{e2});
}

TEST_CASE("where there is nothing to catch up with, the next version asks again") {
    auto outbox = at_version_1();
    outbox.offer_version(e1, v2);
    outbox.park(e1);
    CHECK_FALSE(outbox.behind());
    outbox.offer_step(e1, v2, v3, bytes());
    CHECK(popped(outbox).empty());
    REQUIRE(outbox.behind());
    CHECK_FALSE(outbox.behind()->held);
}
