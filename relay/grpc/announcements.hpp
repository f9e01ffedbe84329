#pragma once

// Messages of EventStream that say which flags have changed, made once for all streams.
// Thread-safe; message() is for the blocking pool, because it may search every flag.

#include <cstdint>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "relay/cache/environment_registry.hpp"

namespace fanion::relay::grpc {

class Announcements {
public:
    // For keys of that kind; client keys learn nothing of flags that they may not see. Empty if
    // nothing has changed for them.
    std::shared_ptr<const std::string> message(const cache::EnvironmentState& before,
                                               const cache::EnvironmentState& after, model::AccessEntry::Kind kind);

private:
    struct Entry {
        std::uint64_t before;  // serials
        std::uint64_t after;
        model::AccessEntry::Kind kind;
        std::shared_ptr<const std::string> message;
    };
    static constexpr std::size_t most_entries = 64;

    std::mutex mutex_;
    std::vector<Entry> entries_;  // the newest last
};

}  // namespace fanion::relay::grpc
