#include "control-plane/identity/user_agent.hpp"

namespace fanion::cp::identity {

std::string shown_user_agent(std::string_view header) {
    std::string shown(header.substr(0, 200));
    for (auto& c : shown) {
        if (c < ' ' || c > '~') c = '?';
    }
    return shown;
}

}  // namespace fanion::cp::identity
