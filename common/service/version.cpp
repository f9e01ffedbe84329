#include "common/service/version.hpp"

namespace fanion::service {

const char* const version_text = FANION_VERSION;

}  // namespace fanion::service
