#include "tests/unit/relay/simulation/runs.hpp"

#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <iostream>
#include <optional>
#include <vector>

#include "tests/unit/relay/simulation/world.hpp"

namespace fanion::test {
namespace {

// A fault that hardly happens tests nothing: at least so many in a thousand worlds. Of fewer worlds that is not asked, since it
// would be chance; relay_simulation runs enough.
constexpr std::uint64_t least_of_each = 5;
constexpr std::uint64_t enough_worlds = 1'000;
constexpr unsigned most_failures = 5;

using Deadline = std::optional<std::chrono::system_clock::time_point>;  // the steady clock is simulated

std::uint64_t number_in(const char* variable) {
    const char* text = std::getenv(variable);
    return text == nullptr ? 0 : std::stoull(text);
}

// Every `stride`th world; false after a failure.
bool run_some(std::uint64_t first, std::uint64_t end, std::uint64_t stride, Deadline deadline) {
    unsigned failures = 0;
    for (auto seed = first; seed < end && failures < most_failures; seed += stride) {
        if (deadline && std::chrono::system_clock::now() >= *deadline) {
            std::cerr << "the time is over before world " << seed << std::endl;
            break;
        }
        const auto failure = failure_of(seed);
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
        if (child < 0) break;
        if (child == 0) ::_exit(run_some(1 + i, 1 + count, processors, deadline) ? 0 : 1);
        children.push_back(child);
    }
    bool well = children.size() == processors;
    for (const auto child : children) {
        int status = 0;
        well = ::waitpid(child, &status, 0) == child && WIFEXITED(status) && WEXITSTATUS(status) == 0 && well;
    }
    return well;
}

bool each_fault_happened() {
    const auto worlds = count_of_worlds();
    std::cout << worlds << " worlds, " << seconds_of_worlds() << " s of their time\n";
    bool well = worlds > 0;
    const bool are_enough = worlds >= enough_worlds;
    if (!are_enough) std::cout << "  too few worlds to judge how often each fault occurs\n";
    for (unsigned i = 0; i < fault_count; ++i) {
        const auto fault = static_cast<Fault>(i);
        const bool is_often = !are_enough || count_of(fault) * 1'000 >= least_of_each * worlds;
        std::cout << "  " << name_of(fault) << ": " << count_of(fault) << (is_often ? "\n" : ", which is too seldom\n");
        well = well && is_often;
    }
    std::cout << std::flush;
    return well;
}

}  // namespace

std::string failure_of(std::uint64_t seed) {
    try {
        World world(seed);
        world.run();
        count_world(static_cast<std::uint64_t>(world.elapsed()) / 1'000);
        return "";
    } catch (const Violation& violation) {
        return "FANION_TEST_SEED=" + std::to_string(seed) + ": " + violation.what();
    }
}

bool run_worlds(std::uint64_t count, std::chrono::seconds limit) {
    if (const auto only = number_in("FANION_TEST_SEED")) {
        const auto failure = failure_of(only);
        if (!failure.empty()) std::cerr << failure << std::endl;
        return failure.empty();
    }
    share_fault_counts();
    const auto wanted = number_in("FANION_TEST_SEEDS");
    const bool well = wanted > 0 ? run_on_all_processors(wanted, std::nullopt)
                                 : run_on_all_processors(count, std::chrono::system_clock::now() + limit);
    return each_fault_happened() && well;
}

}  // namespace fanion::test
