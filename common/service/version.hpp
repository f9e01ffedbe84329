#pragma once

// The version of this build, from the CMake project. Immutable.

namespace fanion::service {

extern const char* const version_text;  // "0.1.0"

}  // namespace fanion::service
