#include "relay/upstream/granted.hpp"

#include <catch2/catch.hpp>

using namespace fanion::relay::upstream;
using fanion::wire::Have;

TEST_CASE("what is granted are the environments of the heads, whatever else the list holds") {
    CHECK(granted_in("").heads.empty());
    CHECK(granted_in("<html>Please sign in</html>\n\n").heads.empty());
    const std::string events =
        "event: head\nid: e_1:7.1\ndata: x\ndata: y\n\n"
        "event: revoked\nid: e_2:7.1\ndata: x\n\n"
        "event: head\nid: ../e:7.1\ndata: x\n\n"
        "event: head\nid: e_3:7.4\ndata: x\n\n"
        "event: head\nid: e_5\ndata: x\n\n"
        "event: head\nid: e_6:\ndata: x\n\n"
        "event: head\ndata: x\n\n"
        "event: head\nid: e_4:7.1\ndata: cut";
    const auto granted = granted_in(events);
    CHECK(granted.heads == Have{{"e_1", {7, 1}}, {"e_3", {7, 4}}});
    REQUIRE(granted.revoked.size() == 1);
    CHECK(granted.revoked[0].id == "e_2:7.1");
}

TEST_CASE("what is granted is held when each environment is held in its version or a newer one") {
    const Have granted{{"e_1", {7, 1}}, {"e_3", {7, 4}}};
    CHECK(covers({{"e_1", {7, 1}}, {"e_2", {1, 1}}, {"e_3", {8, 1}}}, granted));
    CHECK_FALSE(covers({{"e_1", {7, 1}}, {"e_3", {7, 3}}}, granted));
    CHECK_FALSE(covers({{"e_1", {7, 1}}}, granted));
    CHECK(covers({}, {}));
}
