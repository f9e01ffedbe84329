#include "relay/app/version.hpp"

namespace fanion::relay::app {

const char* const version_text = FANION_VERSION;

}  // namespace fanion::relay::app
