// fanion-relay: see --help.

#include <csignal>
#include <cstdlib>
#include <exception>
#include <iostream>

#include "relay/app/relay_app.hpp"

namespace {

std::optional<std::string> from_environment(std::string_view name) {
    const char* value = std::getenv(std::string(name).c_str());
    return value == nullptr ? std::nullopt : std::optional<std::string>(value);
}

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
    auto parsed = fanion::relay::parse_config(arguments, from_environment);
    if (parsed.answer) {
        std::cout << *parsed.answer;
        return 0;
    }
    for (const auto& error : parsed.errors) std::cerr << "fanion-relay: " << error << "\n";
    if (!parsed.errors.empty()) return 2;
    try {
        return run(std::move(parsed.config));
    } catch (const std::exception& error) {
        std::cerr << "fanion-relay: " << error.what() << "\n";
        return 1;
    }
}
