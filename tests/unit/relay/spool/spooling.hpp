#pragma once

// Shared by the tests of the spool.

#include <algorithm>
#include <filesystem>
#include <string>
#include <vector>

#include "relay/spool/spool.hpp"
#include "tests/support/temporary_directory.hpp"

namespace fanion::test {

using relay::spool::Spool;

inline const Log quiet(-1);

inline relay::spool::SpoolConfig config_in(const TemporaryDirectory& folder) {
    return {folder / "spool", 1 << 20, 1 << 16, 1 << 16};
}

inline std::string id_of(int i) { return "r.b." + std::to_string(i); }
inline std::string body_of(int i, std::size_t bytes = 20) {
    return "body " + std::to_string(i) + std::string(bytes, static_cast<char>('a' + i % 26));
}

inline void append(Spool& spool, int i, std::size_t bytes = 20) {
    spool.append(id_of(i), {static_cast<std::uint64_t>(i), 0, 0}, body_of(i, bytes));
}

inline std::uint64_t accounted(const Spool& spool) {
    return spool.delivered().counts + spool.dropped().sum().counts + spool.queued().counts;
}

inline std::vector<std::string> drain(Spool& spool) {
    std::vector<std::string> ids;
    while (auto head = spool.front()) {
        ids.push_back(head->id);
        spool.settle(Spool::Outcome::delivered);
    }
    return ids;
}

inline std::vector<std::filesystem::path> segments_in(const relay::spool::SpoolConfig& config) {
    std::vector<std::filesystem::path> paths;
    for (const auto& entry : std::filesystem::directory_iterator(config.directory)) {
        if (entry.path().extension() == ".spool") paths.push_back(entry.path());
    }
    std::sort(paths.begin(), paths.end());
    return paths;
}

}  // namespace fanion::test
