#include "common/config/manual.hpp"

#include "common/base/manual_page.hpp"
#include "common/base/text.hpp"

namespace fanion::config {
namespace {

// "relay" of "fanion-relay": its files and folders are named so.
std::string short_name(const Program& program) {
    const auto dash = program.name.find('-');
    return dash == std::string::npos ? program.name : program.name.substr(dash + 1);
}

// What stands behind the colon: "evaluates flags next to the applications".
std::string meaning_of(const Program& program) {
    const auto colon = program.description.find(": ");
    auto meaning = colon == std::string::npos ? program.description : program.description.substr(colon + 2);
    if (meaning.ends_with('.')) meaning.pop_back();
    return meaning;
}

void add_synopsis(const Program& program, ManualPage& page) {
    page.section("Synopsis");
    page.line(program.name, program.commands.empty() ? "[OPTIONS]" : "COMMAND [OPTIONS]");
    page.section("Description");
    page.paragraph(program.description);
    std::string footer = program.footer;  // its lines are those of --help
    for (auto& c : footer) c = c == '\n' ? ' ' : c;
    page.paragraph(footer);
    page.paragraph(
        "The command line takes precedence over the environment, the environment over the credentials of systemd, and "
        "these over the configuration file. If there are mistakes, all of them are reported at once.");
}

void add_commands(const Program& program, ManualPage& page) {
    if (program.commands.empty()) return;
    page.section("Commands");
    for (const auto& command : program.commands) {
        std::string operand = command.operand.empty() ? "" : "[" + command.operand + "]";
        for (auto& c : operand) c = c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
        page.item(command.name, operand, command.meaning);
    }
}

void add_options(const Options& options, ManualPage& page) {
    page.section("Options");
    page.item("--config", "FILE", config_meaning);
    page.item("--help", "", "print all options");
    page.item("--help-man", "", help_man_meaning);
    page.item("--help-config", "", help_config_meaning);
    page.item("--version", "", "print the version");
    std::string group;
    for (const auto& option : options.all()) {
        if (option.group() != group) page.subsection(group = option.group());
        const bool has_value = option.kind() != Option::Kind::flag;
        page.item("--" + option.name(),
                  !has_value                            ? ""
                  : option.kind() == Option::Kind::list ? "VALUE,.."
                                                        : "VALUE",
                  option.help());
    }
}

void add_environment(const Options& options, ManualPage& page) {
    page.section("Environment");
    page.item("FANION_CONFIG", "", "as --config");
    page.item("FANION_<NAME>", "",
              "the option of that name, in capitals and with underscores: FANION_LOG_LEVEL is --log-level");
    for (const auto& option : options.all()) {
        if (!option.also().empty()) page.item(option.also(), "", "as --" + option.name());
    }
    page.section("Credentials");
    page.paragraph(
        "Of a service of systemd, these credentials are the files of the options, or their values, unless the command "
        "line or the environment has one; see LoadCredential= in systemd.exec(5).");
    for (const auto& option : options.all()) {
        if (option.credential_kind() == Option::Credential::none) continue;
        const bool is_value = option.credential_kind() == Option::Credential::value;
        page.item(option.credential_name(), "", (is_value ? "value of --" : "file of --") + option.name());
    }
}

void add_operation(const Program& program, ManualPage& page) {
    const auto name = short_name(program);
    page.section("Signals");
    page.item("SIGTERM, SIGINT", "", "stop in order; a second one ends the program at once");
    page.item("SIGHUP", "",
              "read the configuration again, with the files that it names; if there is a mistake, nothing changes");
    page.section("Exit status");
    page.item("0", "", "a stop in order, --help, --version, or a command that succeeded");
    page.item("1", "", "the program could not start or failed, or something did not end in time");
    page.item("2", "", "the configuration has mistakes");
    page.section("Files");
    page.item("/etc/fanion/" + name + ".conf", "", "the configuration of the service " + program.name + ".service");
    page.item("/var/lib/fanion/" + name, "", "the data of the service");
    page.paragraph("The log is JSON lines on standard error, which are the service's in journalctl(1).");
}

}  // namespace

std::string manual_page(const Program& program, const Options& options) {
    ManualPage page(program.name, 8, program.version, meaning_of(program));
    add_synopsis(program, page);
    add_commands(program, page);
    add_options(options, page);
    add_environment(options, page);
    add_operation(program, page);
    page.section("See also");
    page.paragraph(program.name == "fanion-relay" ? "fanion(1), fanion-control-plane(8)"
                                                  : "fanion(1), fanion-relay(8)");
    return page.text();
}

}  // namespace fanion::config
