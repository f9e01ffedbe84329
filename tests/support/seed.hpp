#pragma once

// Seeds of random tests. Each test prints its seed; set FANION_TEST_SEED to repeat a failed run.
// Without it, most tests use a fixed seed, so that ordinary runs are repeatable.

#include <cstdint>
#include <cstdlib>
#include <iostream>
#include <random>
#include <string>

namespace fanion::test {

// FANION_TEST_SEED (decimal) if it is set, otherwise `fallback`.
inline std::uint32_t seed_or(std::uint32_t fallback) {
    const char* text = std::getenv("FANION_TEST_SEED");
    const auto seed = text == nullptr ? fallback : static_cast<std::uint32_t>(std::stoul(text));
    std::cerr << "random test: FANION_TEST_SEED=" << seed << "\n";
    return seed;
}

// A different seed in every run, unless FANION_TEST_SEED is set.
inline std::uint32_t fresh_seed() { return seed_or(std::random_device{}()); }

}  // namespace fanion::test
