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
    auto parsed = fanion::app::parse_config(arguments, fanion::config::process_environment);
    if (!parsed.answer) {
        for (auto& error : fanion::app::check_key_files(parsed.config)) parsed.errors.push_back(std::move(error));
    }
    if (const auto status = fanion::config::ended_by(parsed, "fanion-control-plane")) return *status;
    try {
        return run(parsed.config);
    } catch (const std::exception& error) {
        std::cerr << "fanion-control-plane: " << error.what() << "\n";
        return 1;
    }
}
