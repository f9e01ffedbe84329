#pragma once

// The query parameters flagConfigEtag and flagConfigLastModified, by which a client repeats what an
// event stream announced and asks for an answer that is at least as new (relay-api.md, Bulk
// evaluation). Pure.

#include <cstdint>
#include <optional>
#include <string_view>

#include "common/net/request.hpp"
#include "relay/cache/environment_registry.hpp"

namespace fanion::relay::serve {

// Behind the version in an announced entity tag: the stream was opened with a token that has
// expired, and the client needs an answer in full for the stream's new URL.
inline constexpr std::string_view renewal_suffix = ".renew";

struct WantedVersion {
    std::optional<wire::Version> version;
    std::optional<std::int64_t> seconds;  // time of the configuration, in Unix seconds
    bool stream_url = false;              // the tag has the suffix

    bool is_satisfied_by(const cache::EnvironmentState& environment) const noexcept;
};

// Malformed values are ignored: the parameters are hints.
WantedVersion wanted_version(const net::Request& request);

// Whether `environment` has what the request wants.
bool has_wanted_version(const net::Request& request, const cache::EnvironmentState& environment);

// Whether the request needs the URL of its event stream, and hence an answer in full.
bool wants_stream_url(const net::Request& request);

// When the environment's ruleset was issued, in whole Unix seconds, as event streams announce it.
std::int64_t last_modified(const cache::EnvironmentState& environment) noexcept;

}  // namespace fanion::relay::serve
