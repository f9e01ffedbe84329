#include "control-plane/relays/negotiation.hpp"

namespace fanion::cp::relays {

std::string etag_of(wire::Version version) { return "\"" + wire::to_string(version) + "\""; }

}  // namespace fanion::cp::relays
