#pragma once

// flagConfigEtag and flagConfigLastModified: what a client heard on its event stream and wants to see at least. Pure.

#include <cstdint>
#include <optional>

#include "common/net/request.hpp"
#include "relay/cache/environment_registry.hpp"

namespace fanion::relay::serve {

struct WantedVersion {
    std::optional<wire::Version> version;
    std::optional<std::int64_t> seconds;  // Unix time of the configuration

    bool is_satisfied_by(const cache::EnvironmentState& environment) const noexcept;
};

// What is malformed is not asked for: these are hints.
WantedVersion wanted_version(const net::Request& request);

// Whether `environment` has what the request wants.
bool has_wanted_version(const net::Request& request, const cache::EnvironmentState& environment);

// The same moment as the stream's lastModified: whole Unix seconds.
std::int64_t last_modified(const cache::EnvironmentState& environment) noexcept;

}  // namespace fanion::relay::serve
