#pragma once

// The entity tag of a ruleset (RFC 9110) for the relay endpoints. Pure.

#include <string>

#include "common/wire/manifest.hpp"

namespace fanion::cp::relays {

std::string etag_of(wire::Version version);  // "\"<epoch>.<version>\"", strong

}  // namespace fanion::cp::relays
