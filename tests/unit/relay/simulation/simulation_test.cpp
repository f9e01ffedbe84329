// Simulates a control plane, a network, a relay and its disk in virtual time, a world for each seed. A failure prints
// its seed, which is a test by itself:
//
//     FANION_TEST_SEED=N    only this world
//     FANION_TEST_SEEDS=N   so many instead of 10,000, from 1 on
//     FANION_TEST_LOG=1     with the relay's log

#include <catch2/catch.hpp>
#include <cstdlib>
#include <iostream>

#include "tests/unit/relay/simulation/world.hpp"

using namespace fanion::test;

namespace {

constexpr unsigned most_failures = 10;  // then it ends

std::uint64_t number_in(const char* variable, std::uint64_t otherwise) {
    const char* text = std::getenv(variable);
    return text == nullptr ? otherwise : std::stoull(text);
}

}  // namespace

TEST_CASE("whatever happens, a relay serves what was committed, and counts each event once") {
    const auto only = number_in("FANION_TEST_SEED", 0);
    const auto first = only > 0 ? only : 1;
    unsigned failures = 0;
    const auto count = only > 0 ? 1 : number_in("FANION_TEST_SEEDS", 10'000);
    for (auto seed = first; seed < first + count; ++seed) {
        std::string broken;
        try {
            World(seed).run();
        } catch (const Violation& violation) {
            broken = violation.what();
        }
        if (broken.empty()) continue;
        FAIL_CHECK("FANION_TEST_SEED=" << seed << ": " << broken);
        if (++failures == most_failures) break;
    }
    CHECK(failures == 0);
}
