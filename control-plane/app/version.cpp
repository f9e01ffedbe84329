#include "control-plane/app/version.hpp"

namespace fanion::app {

const char* const version_text = FANION_VERSION;

}  // namespace fanion::app
