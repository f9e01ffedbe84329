#pragma once

// The admission webhook without its network: an AdmissionReview (admission.k8s.io/v1) in, the
// answer out. It has no effect but the answer, so a dry run is answered like any other request.
// Pure functions.

#include <cstdint>
#include <string>
#include <string_view>

#include "common/base/error.hpp"
#include "relay/inject/sidecar.hpp"

namespace fanion::relay::inject {

enum class Outcome : std::uint8_t {
    added,
    present,    // the pod has the sidecar already
    not_asked,  // no annotation, or not the creation of a pod
    refused,    // the pod cannot have what it asks for
};
std::string_view name_of(Outcome outcome) noexcept;

struct Verdict {
    Outcome outcome = Outcome::not_asked;
    std::string uid;    // of the request
    std::string space;  // the pod's namespace
    std::string pod;    // its name, or what its name will begin with
    bool is_dry_run = false;
    std::string environments;  // added
    std::string patch;         // added: JSON Patch
    std::string message;       // refused: all reasons
};

// Errors: invalid_input or too_large, `body` is no AdmissionReview of this version or holds no pod;
// findings name the places.
Result<Verdict> review(std::string_view body, const Sidecar& sidecar);

// The AdmissionReview that answers.
std::string answer(const Verdict& verdict);

}  // namespace fanion::relay::inject
