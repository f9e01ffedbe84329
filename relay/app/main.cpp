// fanion-relay: see --help.

#include "common/service/main.hpp"
#include "relay/app/inject_app.hpp"
#include "relay/app/relay_app.hpp"

namespace {

using namespace fanion::relay::app;
using fanion::Result;

Result<int> run(ParsedConfig parsed, RelayApp::LoadConfig load_config, const fanion::Log& log) {
    if (parsed.config.command == Command::healthcheck) {
        return fanion::service::run_health_check(health_check(parsed.config), "fanion-relay");
    }
    if (parsed.config.command == Command::inject_webhook) {
        const auto webhook = InjectApp::make(std::move(parsed), std::move(load_config), log);
        if (!webhook) return webhook.error();
        return (*webhook)->run();
    }
    const auto app = RelayApp::make(std::move(parsed), std::move(load_config), log);
    if (!app) return app.error();
    return (*app)->run();
}

}  // namespace

int main(int argc, char** argv) {
    return fanion::service::run_program<Config>(argc, argv, {"fanion-relay", parse_config, run});
}
