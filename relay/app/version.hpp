#pragma once

namespace fanion::relay::app {

extern const char* const version_text;  // of this build: "0.1.0"

}  // namespace fanion::relay::app
