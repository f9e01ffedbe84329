// A name that is frequent enough keeps its place, whatever else is sent.

#include "relay/attributes/frequent_names.hpp"

#include <catch2/catch.hpp>

using namespace fanion::relay::attributes;

TEST_CASE("names have places until these are taken, then the rarest gives way") {
    FrequentNames<int> names(2);
    names.count("a") = 1;
    names.count("a");
    names.count("b") = 2;
    names.count("c") += 3;
    CHECK(names.entries().size() == 2);
    REQUIRE(names.find("a"));
    CHECK(*names.find("a") == 1);
    CHECK_FALSE(names.find("b"));
    REQUIRE(names.find("c"));
    CHECK(*names.find("c") == 3);  // begins anew
    CHECK(names.entries().at("a").count == 2);
    CHECK(names.entries().at("c").count == 2);  // goes on from b's
}

TEST_CASE("a name that is more than one in `places` of all sightings stays among strangers' names") {
    FrequentNames<bool> names(10);
    int made = 0;
    for (int round = 0; round < 1'000; ++round) {
        names.count("country") = true;
        for (int i = 0; i < 8; ++i) names.count("junk" + std::to_string(made++));
    }
    REQUIRE(names.find("country"));
    CHECK(*names.find("country"));
    CHECK(names.entries().size() == 10);
}

TEST_CASE("halving forgets the rare") {
    FrequentNames<int> names(10);
    names.count("often", 5);
    names.count("once");
    names.halve();
    CHECK(names.entries().size() == 1);
    CHECK(names.entries().at("often").count == 2);
    names.halve();
    names.halve();
    CHECK(names.entries().empty());
}
