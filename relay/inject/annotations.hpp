#pragma once

// What a pod asks for by its annotations. docs/howto/kubernetes.md describes them. Plain values,
// pure functions.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "common/config/endpoint.hpp"
#include "common/json/document.hpp"

namespace fanion::relay::inject {

inline constexpr std::string_view inject_annotation = "fanion.dev/inject";

// A resource as `cpu` and a quantity as `20m`, of a container's requests or limits.
using Quantities = std::vector<std::pair<std::string, std::string>>;

// What is absent stays as the sidecar's file says.
struct Wishes {
    std::string environments;  // as --require-environments of the relay takes them
    std::optional<std::string> image;
    std::optional<std::string> key_secret;
    std::optional<config::Endpoint> listen;  // of an empty address: the port alone
    std::optional<std::uint16_t> operators_port;
    Quantities requests;
    Quantities limits;
};

// `annotations`: of a pod that has inject_annotation; all are strings. Appends each mistake to
// `mistakes` as a sentence that begins with the annotation's name; among them is any other name
// below `fanion.dev/`, which is most likely misspelt.
Wishes read_wishes(json::Value annotations, std::vector<std::string>& mistakes);

}  // namespace fanion::relay::inject
