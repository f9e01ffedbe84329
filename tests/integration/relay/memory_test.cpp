// Memory is given back after a burst of changes.

#include <algorithm>
#include <catch2/catch.hpp>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string>

#include "tests/integration/relay/relay_rig.hpp"
#include "tests/support/eventually.hpp"

#ifndef __has_feature  // clang's, which makes the builds with sanitizers
#define __has_feature(name) 0
#endif

using namespace fanion;
using test::RelayRig;
using test::wait_for;
using wire::StreamEvent;

namespace {

// The sanitizers' allocators keep what is freed, so their builds measure another build's relay or nothing.
bool is_measurable() {
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer)
    const char* other = std::getenv("FANION_TEST_RELAY");
    return other && std::filesystem::exists(other);
#else
    return true;
#endif
}

// Resident memory in KiB.
std::size_t resident(pid_t pid) {
    std::ifstream status("/proc/" + std::to_string(pid) + "/status");
    for (std::string line; std::getline(status, line);) {
        if (line.starts_with("VmRSS:")) return std::stoul(line.substr(6));
    }
    return 0;
}

}  // namespace

TEST_CASE("after 500 quick changes of 2,000 flags the relay uses at most twice its memory of before", "[memory]") {
    if (!is_measurable()) {
        WARN("not measured: this relay has a sanitizer, and FANION_TEST_RELAY names no relay");
        return;
    }
    RelayRig rig;
    for (int i = 0; i < 2'000; ++i) rig.environment.put_boolean_flag("flag-" + std::to_string(i), true);
    rig.start_with_ruleset();
    REQUIRE(rig.is_synchronised());
    const auto before = resident(rig.relay->pid());
    std::size_t peak = 0;
    const auto held = [&] {
        return wait_for([&] {
            peak = std::max(peak, resident(rig.relay->pid()));
            return rig.relay->metric("fanion_relay_environment_version{env_id=\"e_1\"}") ==
                   static_cast<double>(rig.environment.version().number);
        });
    };
    for (int i = 0; i < 500; ++i) {
        rig.environment.put_boolean_flag("flag-" + std::to_string(i), i % 2 == 0);
        const auto full = rig.environment.commit();
        rig.control->set_ruleset(RelayRig::env, full);
        rig.push(StreamEvent::patch, rig.environment.delta());
        if (i % 100 == 99) REQUIRE(held());
    }
    rig.push_head();
    REQUIRE(held());
    std::size_t now = 0;
    const bool is_given_back = wait_for([&] { return (now = resident(rig.relay->pid())) <= 2 * before; });
    std::printf("resident memory in KiB: %zu before, %zu at most, %zu after\n", before, peak, now);
    CHECK(is_given_back);
}
