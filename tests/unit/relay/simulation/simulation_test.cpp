// Some worlds with sanitizers. relay_simulation (main.cpp) runs ten thousand without them.

#include <catch2/catch.hpp>

#include "tests/unit/relay/simulation/runs.hpp"

using namespace fanion::test;

// Worlds allocate little that lives long: what AddressSanitizer remembers of an allocation is kept short.
extern "C" const char* __asan_default_options() {
    return "malloc_context_size=3:detect_stack_use_after_return=0:quarantine_size_mb=8";
}

TEST_CASE("whatever happens, relays serve what was committed, and each event is counted once") {
    CHECK(run_worlds(400, std::chrono::seconds(30)));
}
