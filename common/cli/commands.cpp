#include "common/cli/commands.hpp"

namespace fanion::cli {

CLI::App* group_of(CLI::App& app, const char* name, const char* help) {
    const auto found = app.get_subcommands([name](const CLI::App* command) { return command->get_name() == name; });
    if (!found.empty()) return found.front();
    auto* group = app.add_subcommand(name, help);
    group->require_subcommand(1);
    group->fallthrough();
    return group;
}

}  // namespace fanion::cli
