#pragma once

// A pod as an AdmissionReview has it: whether it can have a relay beside it. Views into the
// Document. Pure functions.

#include <string>
#include <string_view>
#include <vector>

#include "common/base/error.hpp"
#include "common/json/document.hpp"
#include "relay/inject/sidecar.hpp"

namespace fanion::relay::inject {

struct Pod {
    std::string name;         // or what its name will begin with
    json::Value annotations;  // an object of strings; empty: none
    json::Value spec;         // an object, whose containers, initContainers and volumes are arrays of objects
};

// Appends to `findings` what is no pod: a type that the API server would not have accepted.
Pod read_pod(json::Value object, std::vector<Finding>& findings);

// Whether the pod has a native sidecar of this name.
bool has_sidecar(const Pod& pod, std::string_view name);

// Appends to `mistakes` what keeps the pod from having this: the node's network, a port, or a name
// that is used already.
void check_room(const Pod& pod, const Sidecar& sidecar, const Addition& addition, std::vector<std::string>& mistakes);

// The JSON Patch (RFC 6902) that adds it, the container before all others.
std::string make_patch(const Pod& pod, const Addition& addition);

}  // namespace fanion::relay::inject
