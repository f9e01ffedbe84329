#pragma once

// Shared by the tests of counters and the counter table.

#include <filesystem>
#include <map>
#include <string>
#include <vector>

#include "relay/events/counter_table.hpp"
#include "relay/events/counters.hpp"
#include "tests/support/temporary_directory.hpp"

namespace fanion::test {

inline const Log quiet(-1);
constexpr UnixMillis start = 1'763'720'000'000;

inline relay::events::CounterTableConfig table_config(const std::string& directory, unsigned workers = 1) {
    relay::events::CounterTableConfig config;
    config.directory = directory;
    config.workers = workers;
    return config;
}

inline relay::events::Counted flag_of(std::size_t index, std::uint64_t state = 1) {
    static const std::vector<std::string> names = [] {
        std::vector<std::string> made;
        for (int i = 0; i < 20'000; ++i) made.push_back("flag-" + std::to_string(i));
        return made;
    }();
    relay::events::Counted counted;
    counted.state = state;
    counted.env_id = "e_1";
    counted.flag = names[index];
    counted.flag_index = index;
    counted.variation = "on";
    counted.variation_index = 1;
    counted.version = 3;
    counted.reason = "SPLIT";
    counted.reason_index = 3;
    return counted;
}

inline relay::events::Counted unknown_flag(std::string_view key) {
    relay::events::Counted counted;
    counted.state = 1;
    counted.env_id = "e_1";
    counted.flag = key;
    counted.reason = "ERROR";
    counted.reason_index = 5;
    return counted;
}

using ByFlag = std::map<std::string, std::uint64_t>;

inline void add_to(ByFlag& sums, const relay::events::SealedCounts& sealed) {
    for (const auto& count : sealed.counts) sums[count.flag] += count.n;
}

// Seals and applies until nothing is left.
inline ByFlag drain(relay::events::CounterTable& table, std::size_t max_bytes = 1 << 20) {
    static int batch = 0;
    ByFlag sums;
    for (;;) {
        ++batch;
        const auto sealed = table.seal("r.b." + std::to_string(batch), start + batch, max_bytes, {});
        if (!sealed) return sums;
        add_to(sums, *sealed);
        table.apply();
    }
}

// An earlier process: five evaluations of flag-1 in a batch, and two that are not sealed.
inline void leave_unsealed(const std::string& directory) {
    relay::events::CounterTable table(table_config(directory), start, quiet);
    relay::events::Counters counters(table, 0);
    counters.count(flag_of(1), 5);
    drain(table);
    counters.count(flag_of(1), 2);
}

inline std::size_t files_in(const std::string& directory, const std::string& extension = ".counts") {
    std::size_t files = 0;
    for (const auto& entry : std::filesystem::directory_iterator(directory))
        files += entry.path().extension() == extension ? 1 : 0;
    return files;
}

}  // namespace fanion::test
