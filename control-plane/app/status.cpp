#include "control-plane/app/status.hpp"

namespace fanion::cp::app {

std::string not_ready_reason(const Services* services) {
    if (services == nullptr || !services->is_database_up()) return "the database is unavailable";
    if (!services->is_primed()) return "the published rulesets have not been read yet";
    return "";
}

void write_status(json::Writer& w, const Services* services) {
    w.member("database_up", services != nullptr && services->is_database_up());
    if (services == nullptr) return;
    w.member("iss", services->instance().iss)
        .member("epoch", services->instance().epoch)
        .member("environments", std::uint64_t{services->environments()})
        .member("relay_streams", std::uint64_t{services->streams()});
}

}  // namespace fanion::cp::app
