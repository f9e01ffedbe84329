#include "common/config/parse.hpp"

#include <CLI/CLI.hpp>
#include <algorithm>
#include <filesystem>

#include "common/base/file.hpp"
#include "common/base/text.hpp"
#include "common/config/manual.hpp"
#include "common/config/sample.hpp"

namespace fanion::config {
namespace {

constexpr std::size_t largest_credential = 1024 * 1024;  // systemd's own limit

// Values as unparsed text. CLI11 stops at the first conversion error; converting them afterwards finds every error.
struct Text {
    std::string value;
    std::vector<std::string> list;
    bool flag = false;

    std::vector<std::string> values() const {
        if (flag) return {"true"};
        if (!value.empty()) return {value};
        return list;
    }
};

struct CommandLine {
    CLI::App app;
    std::vector<CLI::App*> commands;
    std::vector<std::string> operands;  // one for each command
    std::vector<Text> texts;            // one for each option
    bool wants_manual = false;
    bool wants_sample = false;

    CommandLine(const Program& program, const Options& options) : app(program.description, program.name) {
        app.fallthrough();
        app.allow_extras();
        app.allow_config_extras(CLI::config_extras_mode::capture);
        app.set_version_flag("--version", program.name + " " + program.version);
        app.set_config("--config", "", config_meaning);
        app.add_flag("--help-man", wants_manual, help_man_meaning)->configurable(false);
        app.add_flag("--help-config", wants_sample, help_config_meaning)->configurable(false);
        app.footer(program.footer);
        operands.resize(program.commands.size());
        for (const auto& command : program.commands) {
            auto* added = app.add_subcommand(command.name, command.meaning);
            added->fallthrough();
            added->set_help_flag();  // `COMMAND --help` shows the whole help too
            if (!command.operand.empty()) added->add_option(command.operand, operands[commands.size()]);
            commands.push_back(added);
        }
        texts.resize(options.all().size());
        for (std::size_t i = 0; i < texts.size(); ++i) add(options.all()[i], texts[i]);
    }

    // What stands after a command as the value of the option; empty: nothing.
    std::string operand_of(const Program& program, std::string_view option) const {
        for (std::size_t i = 0; i < operands.size(); ++i) {
            if (program.commands[i].operand == option && !operands[i].empty()) return operands[i];
        }
        return "";
    }

    void add(const Option& option, Text& text) {
        const auto name = "--" + option.name();
        const auto meaning = option.help();
        CLI::Option* added = nullptr;
        switch (option.kind()) {
            case Option::Kind::value:
                added =
                    app.add_option(name, text.value, meaning)->multi_option_policy(CLI::MultiOptionPolicy::TakeLast);
                break;
            case Option::Kind::list:
                added = app.add_option(name, text.list, meaning)->delimiter(',');
                break;
            case Option::Kind::flag:
                added = app.add_flag(name, text.flag, meaning)->multi_option_policy(CLI::MultiOptionPolicy::TakeLast);
                break;
        }
        if (!option.group().empty()) added->group(option.group());
    }
};

bool is_among(const std::vector<std::string>& arguments, const std::string& name) {
    return std::ranges::any_of(arguments, [&](const auto& a) { return a == name || a.starts_with(name + "="); });
}

// What systemd's credential of that name gives to the option; "" if there is none.
std::string credential_of(const Option& option, const std::filesystem::path& folder, Reading& out) {
    if (option.credential_kind() == Option::Credential::none || folder.empty()) return "";
    const auto path = folder / option.credential_name();
    std::error_code failure;
    if (!std::filesystem::exists(path, failure)) return "";
    if (option.credential_kind() == Option::Credential::file) return path.string();
    const auto content = read_file(path.string(), largest_credential);
    if (!content) out.fail(option.name(), content.error().detail);
    return content ? std::string(trim(*content)) : std::string();
}

// Prepends credentials and the environment to the arguments: the last value wins, so the command line overrides them, and
// all override the file.
std::vector<std::string> with_environment(const Options& options, const std::vector<std::string>& arguments,
                                          const Environment& environment, Reading& out) {
    std::vector<std::string> all;
    const std::filesystem::path credentials = environment("CREDENTIALS_DIRECTORY").value_or("");
    const auto prepend = [&](const std::string& name, const std::string& variable) {
        if (variable.empty()) return;
        if (const auto value = environment(variable); value && !value->empty()) all.push_back(name + "=" + *value);
    };
    prepend("--config", "FANION_CONFIG");
    for (const auto& option : options.all()) {
        const auto name = "--" + option.name();
        // The values of a list add up, so the environment's must be skipped if the command line has any.
        if (option.kind() == Option::Kind::list && is_among(arguments, name)) continue;
        if (const auto value = credential_of(option, credentials, out); !value.empty())
            all.push_back(name + "=" + value);
        prepend(name, option.also());
        prepend(name, option.environment());
    }
    all.insert(all.end(), arguments.begin(), arguments.end());
    return all;
}

std::vector<std::string> parts_of(std::string_view list) {
    std::vector<std::string> parts;
    for (const auto part : split(list, ',')) parts.emplace_back(part);
    return parts;
}

std::string joined(const std::vector<std::string>& texts) {
    std::string all;
    for (const auto& text : texts) all += (all.empty() ? "" : ",") + text;
    return all;
}

// What is behind a # in a file is a comment, between quotation marks too.
void refuse_comments(Reading& out) {
    for (const auto& [name, value] : out.given)
        if (value.find('#') != std::string::npos) out.fail(name, "a configuration file cannot have a # in a value");
}

}  // namespace

Reading parse(const Program& program, const Options& options, const std::vector<std::string>& arguments,
              const Environment& environment) {
    Reading out;
    CommandLine line(program, options);
    auto all = with_environment(options, arguments, environment, out);
    std::ranges::reverse(all);  // CLI11 expects the arguments in reverse order
    try {
        line.app.parse(std::move(all));
    } catch (const CLI::CallForVersion& version) {
        out.answer = std::string(version.what()) + "\n";
    } catch (const CLI::CallForHelp&) {
        out.answer = line.app.get_formatter()->make_help(&line.app, program.name, CLI::AppFormatMode::Normal);
    } catch (const CLI::ParseError& error) {
        out.fail(error.what());
    }
    if (line.wants_manual) out.answer = manual_page(program, options);
    if (out.answer) return out;
    for (const auto& extra : line.app.remaining(true)) out.fail("unknown argument: " + extra);
    for (const auto* command : line.commands) {
        if (command->parsed()) out.commands.push_back(command->get_name());
    }
    for (std::size_t i = 0; i < line.texts.size(); ++i) {
        const auto& option = options.all()[i];
        auto values = line.texts[i].values();
        if (const auto operand = line.operand_of(program, option.name()); !operand.empty())
            values = option.kind() == Option::Kind::list ? parts_of(operand) : std::vector{operand};
        for (const auto& value : values) {
            if (auto wrong = option.apply(value); !wrong.empty()) out.fail(option.name(), wrong);
        }
        if (!values.empty()) out.given.emplace(option.name(), joined(values));
    }
    if (line.wants_sample) refuse_comments(out);
    if (line.wants_sample && out.errors.empty()) out.answer = sample_file(program, options, out.given);
    return out;
}

}  // namespace fanion::config
