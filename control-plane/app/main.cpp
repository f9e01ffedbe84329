// fanion-control-plane: see --help.

#include <csignal>
#include <exception>
#include <iostream>

#include "common/config/program.hpp"
#include "control-plane/app/app.hpp"
#include "control-plane/app/commands.hpp"
#include "control-plane/app/config.hpp"
#include "control-plane/app/keys.hpp"

namespace {

using fanion::cp::app::ParsedConfig;

ParsedConfig parse(const std::vector<std::string>& arguments) {
    auto parsed = fanion::cp::app::parse_config(arguments, fanion::config::process_environment);
    if (parsed.answer) return parsed;
    for (auto& error : fanion::cp::app::check_key_files(parsed.config)) parsed.errors.push_back(std::move(error));
    return parsed;
}

int run(ParsedConfig parsed, fanion::cp::app::App::LoadConfig reread) {
    const auto& config = parsed.config;
    const fanion::Log log(2, config.log_level);
    if (config.command != fanion::cp::app::Command::serve) std::signal(SIGHUP, SIG_DFL);
    if (config.command == fanion::cp::app::Command::migrate) return fanion::cp::app::run_migrate(config, log);
    if (config.command == fanion::cp::app::Command::bootstrap) return fanion::cp::app::run_bootstrap(config, log);
    fanion::cp::app::App app(std::move(parsed), std::move(reread), log);
    return app.run();
}

}  // namespace

int main(int argc, char** argv) {
    std::signal(SIGPIPE, SIG_IGN);
    std::signal(SIGHUP, SIG_IGN);  // until the configuration can be read again
    const std::vector<std::string> arguments(argv + 1, argv + argc);
    auto parsed = parse(arguments);
    if (const auto status = fanion::config::ended_by(parsed, "fanion-control-plane")) return *status;
    try {
        return run(std::move(parsed), [arguments] { return parse(arguments); });
    } catch (const std::exception& error) {
        std::cerr << "fanion-control-plane: " << error.what() << "\n";
        return 1;
    }
}
