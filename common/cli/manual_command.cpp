// Manual pages, made from the tree of commands itself: fanion(1), and one for each command at the top.

#include <filesystem>
#include <memory>

#include "common/base/file.hpp"
#include "common/base/manual_page.hpp"
#include "common/cli/commands.hpp"

namespace fanion::cli {
namespace {

std::vector<const CLI::App*> commands_below(const CLI::App& command) {
    return command.get_subcommands([](const CLI::App* one) { return !one->get_name().empty(); });
}

std::string page_name(const CLI::App& command) { return "fanion-" + command.get_name(); }

// "" for a flag.
std::string value_of(const CLI::Option& option) {
    if (option.get_items_expected_max() == 0) return "";
    return option.get_items_expected_max() > 1 ? "VALUE .." : "VALUE";
}

std::string meaning_of(const CLI::Option& option) {
    auto meaning = option.get_description();
    if (option.get_required() && !option.get_positional()) meaning += " (required)";
    if (!option.get_envname().empty()) meaning += " (also " + option.get_envname() + ")";
    return meaning;
}

void add_option(const CLI::Option& option, ManualPage& page) {
    if (option.get_positional()) return page.item("", option.get_name(true), meaning_of(option));
    page.item(option.get_name(false, true), value_of(option), meaning_of(option));
}

// --help is that of every command.
void add_options(const CLI::App& command, ManualPage& page) {
    for (const bool is_positional : {true, false}) {
        for (const auto* option : command.get_options()) {
            const bool is_help = option == command.get_help_ptr();
            if (!is_help && option->get_positional() == is_positional) add_option(*option, page);
        }
    }
}

// What stands behind the names of a command: "flag [OPTIONS]".
std::string usage_of(const CLI::App& command) {
    std::string usage;
    for (const auto* option : command.get_options()) {
        if (!option->get_positional()) continue;
        const bool is_list = option->get_items_expected_max() > 1;
        const auto name = option->get_name(true) + (is_list ? " .." : "");
        usage += (option->get_required() ? name : '[' + name + ']') + ' ';
    }
    return usage + (commands_below(command).empty() ? "[OPTIONS]" : "COMMAND [OPTIONS]");
}

// `path` is "fanion flag rule add".
void add_command(const CLI::App& command, const std::string& path, ManualPage& page) {
    const auto below = commands_below(command);
    if (below.empty()) {
        page.subsection(path + ' ' + usage_of(command));
        page.paragraph(command.get_description());
        add_options(command, page);
    }
    for (const auto* one : below) add_command(*one, path + ' ' + one->get_name(), page);
}

std::string exit_codes(const CLI::App& app) {
    auto text = app.get_footer();
    for (auto& c : text) c = c == '\n' ? ' ' : c;
    const auto colon = text.find(": ");
    return colon == std::string::npos ? text : text.substr(colon + 2);
}

// "0.1.0" of "fanion 0.1.0".
std::string version_of(const CLI::App& app) {
    const auto text = app.version();
    return text.substr(text.rfind(' ') + 1);
}

std::string page_of(const CLI::App& app, const CLI::App& command) {
    ManualPage page(page_name(command), 1, version_of(app), command.get_description());
    const auto path = "fanion " + command.get_name();
    page.section("Synopsis");
    page.line(path, usage_of(command));
    page.section("Description");
    page.paragraph(command.get_description());
    if (commands_below(command).empty()) {
        page.section("Options");
        add_options(command, page);
    } else {
        page.section("Options of all commands");
        add_options(command, page);
        page.section("Commands");
        for (const auto* one : commands_below(command)) add_command(*one, path + ' ' + one->get_name(), page);
    }
    page.section("Exit status");
    page.paragraph(exit_codes(app));
    page.section("See also");
    page.paragraph("fanion(1)");
    return page.text();
}

std::string page_of_program(const CLI::App& app) {
    ManualPage page("fanion", 1, version_of(app), "feature flags from the command line");
    page.section("Synopsis");
    page.line("fanion", "COMMAND [OPTIONS]");
    page.section("Description");
    page.paragraph(
        "Manages, evaluates and checks the flags of a control plane. Each command has a page of its own: "
        "fanion-flag(1) is that of the command flag.");
    page.section("Options");
    add_options(app, page);
    page.item("--help", "", "of each command: print its options");
    page.section("Commands");
    for (const auto* command : commands_below(app)) page.item(command->get_name(), "", command->get_description());
    page.section("Environment");
    page.item("FANION_URL, FANION_TOKEN", "",
              "the control plane, and the token to act with; sessions are not read then");
    page.item("FANION_ORG, FANION_PROJECT, FANION_ENV", "", "what commands take without --org, --project and --env");
    page.item("FANION_CA_FILE", "", "PEM file of the certificate authorities trusted for https");
    page.item("FANION_CLIENT_CERT, FANION_CLIENT_KEY", "", "the certificate that is shown to servers that ask for one");
    page.item("HTTPS_PROXY, NO_PROXY", "", "the proxy for https, and what is reached without it");
    page.section("Exit status");
    page.paragraph(exit_codes(app));
    page.section("See also");
    page.paragraph("fanion-relay(8), fanion-control-plane(8)");
    return page.text();
}

Exit write_pages(const CLI::App& app, const std::filesystem::path& folder, const Terminal& terminal) {
    const auto write = [&](const std::string& name, const std::string& text) {
        return replace_file((folder / (name + ".1")).string(), text, Durability::process, 0644);
    };
    auto written = write("fanion", page_of_program(app));
    for (const auto* command : commands_below(app))
        if (written) written = write(page_name(*command), page_of(app, *command));
    return written ? Exit::ok : terminal.fail(Exit::usage, describe(written.error()));
}

Exit run_manual(const CLI::App& app, const std::string& name, const Terminal& terminal) {
    if (name.empty()) {
        terminal.print(page_of_program(app));
        return Exit::ok;
    }
    for (const auto* command : commands_below(app)) {
        if (command->get_name() != name) continue;
        terminal.print(page_of(app, *command));
        return Exit::ok;
    }
    return terminal.fail(Exit::usage, "there is no command `" + name + "`");
}

struct ManualOptions {
    std::string command, folder;
};

}  // namespace

void add_manual_command(CLI::App& app, Session& session) {
    const auto options = std::make_shared<ManualOptions>();
    auto* command = app.add_subcommand("manual", "print a manual page, for man -l -");
    auto* name = command->add_option("command", options->command, "of this command; without it, of fanion");
    command->add_option("--folder", options->folder, "write all pages into this folder instead")->excludes(name);
    command->callback([&app, &session, options] {
        session.chosen = [&app, &session, options] {
            return options->folder.empty() ? run_manual(app, options->command, session.terminal)
                                           : write_pages(app, options->folder, session.terminal);
        };
    });
}

}  // namespace fanion::cli
