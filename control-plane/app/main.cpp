// fanion-control-plane: see --help.

#include <malloc.h>
#include <csignal>
#include <cstdlib>

#include "common/service/main.hpp"
#include "control-plane/app/app.hpp"
#include "control-plane/app/commands.hpp"
#include "control-plane/app/config.hpp"
#include "control-plane/app/keys.hpp"

namespace {

using namespace fanion::cp::app;
using fanion::Log;
using fanion::Result;

ParsedConfig parse(const std::vector<std::string>& arguments, const fanion::config::Environment& environment) {
    auto parsed = parse_config(arguments, environment);
    if (parsed.answer || parsed.config.command == Command::healthcheck) return parsed;
    check_key_files(parsed.config, parsed);
    return parsed;
}

Result<int> run(ParsedConfig parsed, App::LoadConfig load_config, const Log& log) {
    const auto command = parsed.config.command;
    if (command != Command::serve) std::signal(SIGHUP, SIG_DFL);
    if (command == Command::migrate) return run_migrate(parsed.config, log);
    if (command == Command::bootstrap) return run_bootstrap(parsed.config, log);
    if (command == Command::reset_password) return run_reset_password(parsed.config, log);
    if (command == Command::make_owner) return run_make_owner(parsed.config, log);
    if (command == Command::set_quota) return run_set_quota(parsed.config, log);
    if (command == Command::remove_second_factor) return run_remove_second_factor(parsed.config, log);
    if (command == Command::rewrap) return run_rewrap(parsed.config, log);
    if (command == Command::healthcheck) {
        return fanion::service::run_health_check(health_check(parsed.config), "fanion-control-plane");
    }
    App app(std::move(parsed), std::move(load_config), log);
    return app.run();
}

// An edit of a long list makes and frees buffers of megabytes one after another. Given back to the
// system each time, their pages would cost more than all the work that is done in them. The
// environment may say otherwise, as for PostgreSQL's processes (embedded_postgres::run_program()).
void keep_freed_memory() {
    constexpr int kept_bytes = 32 * 1024 * 1024;
    if (std::getenv("MALLOC_MMAP_THRESHOLD_") == nullptr) ::mallopt(M_MMAP_THRESHOLD, kept_bytes);
    if (std::getenv("MALLOC_TRIM_THRESHOLD_") == nullptr) ::mallopt(M_TRIM_THRESHOLD, kept_bytes);
}

}  // namespace

int main(int argc, char** argv) {
    keep_freed_memory();
    return fanion::service::run_program<Config>(argc, argv, {"fanion-control-plane", parse, run});
}
