#include "common/service/health.hpp"

#include "common/json/writer.hpp"

namespace fanion::service {

std::string not_ready_reason(const Health& health, std::string own_reason) {
    if (health.stopping) return "stopping";
    if (!health.started) return "starting";
    return own_reason;
}

std::string health_json(const std::string& reason) {
    std::string body;
    json::Writer w(body);
    w.begin_object().member("status", reason.empty() ? "ok" : "unavailable");
    if (!reason.empty()) w.member("reason", reason);
    w.end_object();
    return body;
}

}  // namespace fanion::service
