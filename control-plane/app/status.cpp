#include "control-plane/app/status.hpp"

namespace fanion::cp::app {

std::string not_ready_reason(const Serving* serving) {
    if (serving == nullptr || !serving->is_database_up()) return "the database is unavailable";
    if (serving->is_outdated()) return "the database was migrated to a schema that needs a newer program";
    if (!serving->is_primed()) return "the published rulesets have not been read yet";
    return "";
}

void write_status(json::Writer& w, const Serving* serving) {
    w.member("database_up", serving != nullptr && serving->is_database_up());
    if (serving == nullptr) return;
    w.member("iss", serving->instance().iss)
        .member("epoch", serving->instance().epoch)
        .member("environments", std::uint64_t{serving->environments()})
        .member("relay_streams", std::uint64_t{serving->streams()});
}

}  // namespace fanion::cp::app
