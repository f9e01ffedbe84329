// Simulates a control plane, a network, relays and their disks in virtual time, a world for each seed. A failure prints
// its seed, which is a test by itself:
//
//     FANION_TEST_SEED=N    only this world
//     FANION_TEST_SEEDS=N   so many, from 1 on, however long they take; otherwise 10,000, or those that 55 s are enough for
//     FANION_TEST_LOG=1     with the relays' logs

#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <catch2/catch.hpp>
#include <chrono>
#include <cstdlib>
#include <iostream>
#include <optional>
#include <string>
#include <vector>

#include "tests/unit/relay/simulation/world.hpp"

using namespace fanion::test;

namespace {

std::uint64_t number_in(const char* variable, std::uint64_t otherwise) {
    const char* text = std::getenv(variable);
    return text == nullptr ? otherwise : std::stoull(text);
}

std::string failure_of(std::uint64_t seed) {
    try {
        World(seed).run();
        return "";
    } catch (const Violation& violation) {
        return "FANION_TEST_SEED=" + std::to_string(seed) + ": " + violation.what();
    }
}

using Deadline = std::optional<std::chrono::system_clock::time_point>;  // the steady clock is simulated

// A fault that hardly happens tests nothing: at least so many in a hundred worlds.
constexpr std::uint64_t least_of_each = 2;

void report_faults(std::uint64_t worlds) {
    std::cout << worlds << " worlds";
    for (unsigned i = 0; i < fault_count; ++i) {
        const auto fault = static_cast<Fault>(i);
        const auto times = count_of(fault);
        std::cout << ", " << name_of(fault) << ' ' << times;
        INFO(name_of(fault) << ", in " << worlds << " worlds");
        CHECK(times * 100 >= least_of_each * worlds);
    }
    std::cout << std::endl;
}

// Every `stride`th world; false after some failures, which are printed.
bool run_worlds(std::uint64_t first, std::uint64_t end, std::uint64_t stride, Deadline deadline) {
    constexpr unsigned most_failures = 5;
    unsigned failures = 0;
    for (auto seed = first; seed < end && failures < most_failures; seed += stride) {
        if (deadline && std::chrono::system_clock::now() >= *deadline) {
            std::cerr << "the time is over before world " << seed << std::endl;
            break;
        }
        const auto failure = failure_of(seed);
        count_world();
        if (failure.empty()) continue;
        ++failures;
        std::cerr << failure << std::endl;
    }
    return failures == 0;
}

// What is simulated belongs to the process, so each processor gets one.
bool run_on_all_processors(std::uint64_t count, Deadline deadline) {
    const auto processors = static_cast<std::uint64_t>(std::max(1L, ::sysconf(_SC_NPROCESSORS_ONLN)));
    std::vector<pid_t> children;
    for (std::uint64_t i = 0; i < processors; ++i) {
        const pid_t child = ::fork();
        REQUIRE(child >= 0);
        if (child == 0) ::_exit(run_worlds(1 + i, 1 + count, processors, deadline) ? 0 : 1);
        children.push_back(child);
    }
    bool well = true;
    for (const auto child : children) {
        int status = 0;
        well = ::waitpid(child, &status, 0) == child && WIFEXITED(status) && WEXITSTATUS(status) == 0 && well;
    }
    return well;
}

}  // namespace

TEST_CASE("whatever happens, relays serve what was committed, and each event is counted once") {
    if (const auto only = number_in("FANION_TEST_SEED", 0)) {
        CHECK(failure_of(only) == "");
    } else {
        share_fault_counts();
        const auto wanted = number_in("FANION_TEST_SEEDS", 0);
        const Deadline deadline = std::chrono::system_clock::now() + std::chrono::seconds(55);
        const bool well =
            wanted > 0 ? run_on_all_processors(wanted, std::nullopt) : run_on_all_processors(10'000, deadline);
        CHECK(well);
        report_faults(count_of_worlds());
    }
}
