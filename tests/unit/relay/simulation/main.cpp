// relay_simulation: ten thousand worlds, or those that a minute is enough for on a busy machine. A
// failure prints its seed (runs.hpp), which unit_relay_simulation repeats with sanitizers.
// relay_simulation planted: whether the faults that are planted in the program are found.

#include <cstdlib>
#include <string_view>

#include "tests/unit/relay/simulation/planted_faults.hpp"
#include "tests/unit/relay/simulation/runs.hpp"

int main(int count, char** arguments) {
    const bool is_planted = count > 1 && std::string_view(arguments[1]) == "planted";
    const bool well =
        is_planted ? fanion::test::find_planted_faults() : fanion::test::run_worlds(10'000, std::chrono::seconds(58));
    return well ? EXIT_SUCCESS : EXIT_FAILURE;
}
