// fanion-relay: see --help.

#include <csignal>
#include <exception>
#include <iostream>

#include "common/config/program.hpp"
#include "relay/app/relay_app.hpp"

namespace {

using fanion::relay::app::ParsedConfig;

int run(ParsedConfig parsed, fanion::relay::app::RelayApp::LoadConfig reread) {
    const fanion::Log log(2, parsed.config.log_level);
    auto app = fanion::relay::app::RelayApp::make(std::move(parsed), std::move(reread), log);
    if (!app) {
        log.error("relay_not_started", {{"error", fanion::describe(app.error())}});
        return 1;
    }
    return (*app)->run();
}

}  // namespace

int main(int argc, char** argv) {
    std::signal(SIGPIPE, SIG_IGN);
    std::signal(SIGHUP, SIG_IGN);  // until the configuration can be read again
    const std::vector<std::string> arguments(argv + 1, argv + argc);
    const auto parse = [arguments] {
        return fanion::relay::app::parse_config(arguments, fanion::config::process_environment);
    };
    auto parsed = parse();
    if (const auto status = fanion::config::ended_by(parsed, "fanion-relay")) return *status;
    try {
        return run(std::move(parsed), parse);
    } catch (const std::exception& error) {
        std::cerr << "fanion-relay: " << error.what() << "\n";
        return 1;
    }
}
