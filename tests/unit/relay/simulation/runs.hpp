#pragma once

// Runs worlds, on all processors, and says what was wrong in them.
//
//     FANION_TEST_SEED=N    only this world
//     FANION_TEST_SEEDS=N   so many, from 1 on, however long they take
//     FANION_TEST_LOG=1     with the relays' logs

#include <chrono>
#include <cstdint>
#include <string>

namespace fanion::test {

// Empty: nothing was wrong.
std::string failure_of(std::uint64_t seed);

// The world that the environment names, or those of the seeds 1 to `count`, in processes of their
// own, and how often each fault happened. Stops after some failures, which are printed with their
// seeds, and when the time is over. False: a world failed, or a fault hardly ever happened.
bool run_worlds(std::uint64_t count, std::chrono::seconds limit);

}  // namespace fanion::test
