#pragma once

// Decides which unknown flags are counted under the requested key: the first 1,000 different ones
// of each environment. Called only when a worker meets such a key for the first time. Thread-safe.

#include <cstddef>
#include <map>
#include <mutex>
#include <set>
#include <string>
#include <string_view>

namespace fanion::relay::events {

inline constexpr std::string_view other_flags = "(other)";

class UnknownFlags {
public:
    static constexpr std::size_t per_environment = 1000;

    // True: count under `flag`; false: under other_flags.
    bool admit(std::string_view env, std::string_view flag);

private:
    std::mutex mutex_;
    std::map<std::string, std::set<std::string, std::less<>>, std::less<>> known_;
};

}  // namespace fanion::relay::events
