#pragma once

// The flags of environments in flagd's format, made once for each version and for all streams that
// send it. Kept for as long as a stream has it. Thread-safe; get() is for the blocking pool.

#include <memory>
#include <mutex>
#include <string>
#include <unordered_map>

#include "common/base/log.hpp"
#include "relay/cache/environment_registry.hpp"
#include "relay/grpc/flagd_format.hpp"

namespace fanion::relay::grpc {

class FlagSets {
public:
    explicit FlagSets(const Log& log) : log_(log) {}

    // Logs once for each version which flags are left out, and why.
    std::shared_ptr<const std::string> get(const cache::EnvironmentState& environment);

private:
    struct Entry {
        std::string etag;
        std::weak_ptr<const std::string> json;
    };

    void log_left_out(const cache::EnvironmentState& environment, const FlagSet& set) const;

    const Log& log_;
    std::mutex mutex_;
    std::unordered_map<std::string, Entry> entries_;  // by environment
};

}  // namespace fanion::relay::grpc
