#pragma once

// What the webhook adds to pods: a container and its volumes, as deploy/helm/fanion-sidecar renders
// them. The chart fanion-relay writes them into a file, {"initContainers":[..],"volumes":[..]}, so
// that the container's shape has one source; what pods wish is put into their places here.
// Immutable after parsing; thread-safe.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "common/base/error.hpp"
#include "common/config/endpoint.hpp"
#include "common/json/tree.hpp"
#include "relay/inject/annotations.hpp"

namespace fanion::relay::inject {

// What a pod gets.
struct Addition {
    json::Tree container;
    json::Tree::Elements volumes;
    std::vector<std::uint16_t> ports;  // that the container listens on
};

class Sidecar {
public:
    // Errors: those of json::Tree::parse(); invalid_input: no single native sidecar, or without the
    // variables and the key's volume that wishes are put into.
    static Result<Sidecar> parse(std::string_view text);

    const std::string& name() const noexcept { return name_; }  // of the container

    // Appends a mistake where two of the relay's own ports would be the same.
    Addition for_pod(const Wishes& wishes, std::vector<std::string>& mistakes) const;

private:
    Sidecar() = default;

    json::Tree container_;
    json::Tree::Elements volumes_;
    std::string name_;
    config::Endpoint listen_;
    config::Endpoint operators_;
    std::optional<config::Endpoint> grpc_;
    std::string key_secret_;
};

}  // namespace fanion::relay::inject
