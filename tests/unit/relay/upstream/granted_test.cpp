#include "relay/upstream/granted.hpp"

#include <catch2/catch.hpp>

using fanion::relay::upstream::environments_of;

TEST_CASE("what is granted are the environments of the heads, whatever else the list holds") {
    CHECK(environments_of("").empty());
    CHECK(environments_of("<html>Please sign in</html>\n\n").empty());
    const std::string events =
        "event: head\nid: e_1:7.1\ndata: x\ndata: y\n\n"
        "event: revoked\nid: e_2:7.1\ndata: x\n\n"
        "event: head\nid: ../e:7.1\ndata: x\n\n"
        "event: head\nid: e_3:7.1\ndata: x\n\n"
        "event: head\nid: e_4:7.1\ndata: cut";
    CHECK(environments_of(events) == std::set<std::string>{"e_1", "e_3"});
}
