#include "relay/app/version.hpp"

namespace fanion::relay {

const char* const version_text = FANION_VERSION;

}  // namespace fanion::relay
