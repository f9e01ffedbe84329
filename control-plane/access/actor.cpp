#include "control-plane/access/actor.hpp"

namespace fanion::cp::access {

std::string_view name_of(ActorKind kind) noexcept {
    switch (kind) {
        case ActorKind::user:
            return "user";
        case ActorKind::service:
            return "service";
        case ActorKind::key:
            return "key";
        case ActorKind::anonymous:
            return "anonymous";
        case ActorKind::host_operator:
            return "operator";
        case ActorKind::system:
            return "system";
    }
    return "";
}

}  // namespace fanion::cp::access
