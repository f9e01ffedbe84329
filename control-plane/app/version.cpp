#include "control-plane/app/version.hpp"

namespace fanion::cp::app {

const char* const version_text = FANION_VERSION;

}  // namespace fanion::cp::app
