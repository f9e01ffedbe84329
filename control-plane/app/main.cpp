// fanion-control-plane: see --help.

#include <csignal>
#include <cstdlib>
#include <exception>
#include <iostream>

#include "control-plane/app/app.hpp"
#include "control-plane/app/commands.hpp"
#include "control-plane/app/config.hpp"
#include "control-plane/app/keys.hpp"

namespace {

std::optional<std::string> from_environment(std::string_view name) {
    const char* value = std::getenv(std::string(name).c_str());
    return value == nullptr ? std::nullopt : std::optional<std::string>(value);
}

int run(const fanion::app::Config& config) {
    const fanion::Log log(2, config.log_level);
    if (config.command == fanion::app::Command::migrate) return run_migrate(config, log);
    if (config.command == fanion::app::Command::bootstrap) return run_bootstrap(config, log);
    fanion::app::App app(config, log);
    return app.run();
}

}  // namespace

int main(int argc, char** argv) {
    std::signal(SIGPIPE, SIG_IGN);
    const std::vector<std::string> arguments(argv + 1, argv + argc);
    auto parsed = fanion::app::parse_config(arguments, from_environment);
    if (parsed.answer) {
        std::cout << *parsed.answer;
        return 0;
    }
    for (auto& error : fanion::app::check_key_files(parsed.config)) parsed.errors.push_back(std::move(error));
    for (const auto& error : parsed.errors) std::cerr << "fanion-control-plane: " << error << "\n";
    if (!parsed.errors.empty()) return 2;
    try {
        return run(parsed.config);
    } catch (const std::exception& error) {
        std::cerr << "fanion-control-plane: " << error.what() << "\n";
        return 1;
    }
}
