#pragma once

// Waits for what another thread does, with an end: a test that waits in vain fails with the name of what did not come.

#include <chrono>
#include <stdexcept>
#include <string>
#include <string_view>
#include <thread>
#include <utility>

namespace fanion::test {

constexpr std::chrono::seconds eventually_limit{60};

// Whether `holds()` becomes true within the limit. Sleeps between two calls, so that what it waits for has the processor.
template <class Holds>
bool wait_for(Holds holds, std::chrono::milliseconds limit = eventually_limit) {
    const auto deadline = std::chrono::steady_clock::now() + limit;
    while (!holds()) {
        if (std::chrono::steady_clock::now() >= deadline) return false;
        std::this_thread::sleep_for(std::chrono::milliseconds(1));
    }
    return true;
}

// Throws unless `holds()` becomes true within the limit; `what` names the condition.
template <class Holds>
void eventually(std::string_view what, Holds holds, std::chrono::milliseconds limit = eventually_limit) {
    if (!wait_for(std::move(holds), limit)) throw std::runtime_error("timed out waiting until " + std::string(what));
}

}  // namespace fanion::test
