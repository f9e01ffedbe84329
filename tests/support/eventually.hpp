#pragma once

// Waits for another thread with a time limit. A test whose wait times out fails with the name of
// the condition.

#include <chrono>
#include <stdexcept>
#include <string>
#include <string_view>
#include <thread>
#include <utility>

namespace fanion::test {

constexpr std::chrono::seconds eventually_limit{60};

// Whether `holds()` becomes true within the limit. Sleeps between calls, so that the other thread
// can run.
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
