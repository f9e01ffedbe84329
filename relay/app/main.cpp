// fanion-relay: see --help.

#include <csignal>
#include <exception>
#include <iostream>

#include "common/config/program.hpp"
#include "relay/app/relay_app.hpp"

namespace {

int run(fanion::relay::Config config) {
    const fanion::Log log(2, config.log_level);
    auto app = fanion::relay::RelayApp::make(std::move(config), log);
    if (!app) {
        log.error("relay_not_started", {{"error", fanion::describe(app.error())}});
        return 1;
    }
    return (*app)->run();
}

}  // namespace

int main(int argc, char** argv) {
    std::signal(SIGPIPE, SIG_IGN);
    const std::vector<std::string> arguments(argv + 1, argv + argc);
    auto parsed = fanion::relay::parse_config(arguments, fanion::config::process_environment);
    if (const auto status = fanion::config::ended_by(parsed, "fanion-relay")) return *status;
    try {
        return run(std::move(parsed.config));
    } catch (const std::exception& error) {
        std::cerr << "fanion-relay: " << error.what() << "\n";
        return 1;
    }
}
