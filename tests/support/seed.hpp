#pragma once

// Seeds of random tests. Each test prints the seed it uses; FANION_TEST_SEED repeats a run that failed. Without it most tests use
// a fixed seed, so that an ordinary run is the same everywhere.

#include <cstdint>
#include <cstdlib>
#include <iostream>
#include <random>
#include <string>

namespace fanion::test {

// FANION_TEST_SEED (decimal) where that is set, otherwise `fallback`.
inline std::uint32_t seed_or(std::uint32_t fallback) {
    const char* text = std::getenv("FANION_TEST_SEED");
    const auto seed = text == nullptr ? fallback : static_cast<std::uint32_t>(std::stoul(text));
    std::cerr << "random test: FANION_TEST_SEED=" << seed << "\n";
    return seed;
}

// Another seed in every run.
inline std::uint32_t fresh_seed() { return seed_or(std::random_device{}()); }

}  // namespace fanion::test
