#pragma once

// Waits for what another thread does, with an end: a test that waits in vain fails with the name of what did not come.

#include <chrono>
#include <stdexcept>
#include <string>
#include <string_view>
#include <thread>

namespace fanion::test {

constexpr std::chrono::seconds eventually_limit{60};

// Throws unless `holds()` becomes true within the limit.
template <class Holds>
void eventually(std::string_view what, Holds holds, std::chrono::milliseconds limit = eventually_limit) {
    const auto deadline = std::chrono::steady_clock::now() + limit;
    while (!holds()) {
        if (std::chrono::steady_clock::now() >= deadline)
            throw std::runtime_error("waited in vain until " + std::string(what));
        std::this_thread::yield();
    }
}

}  // namespace fanion::test
