#pragma once

// Parses a program's configuration. Command-line options take precedence over environment variables
// (FANION_<NAME>), these over credentials of systemd (fanion.<name> in CREDENTIALS_DIRECTORY), and
// these over the configuration file (--config or FANION_CONFIG, `name = value` lines). All mistakes
// are reported, not only the first. Does not throw on invalid input. Not thread-safe.

#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "common/config/option.hpp"

namespace fanion::config {

// Looks up an environment variable; nullopt if it is not set. Tests supply their own.
using Environment = std::function<std::optional<std::string>(std::string_view name)>;

struct Command {
    std::string name;
    std::string meaning;
    std::string operand = "";  // an option whose value may also stand after the command
};

struct Program {
    std::string name;
    std::string description;
    std::string version;
    std::string footer;  // printed at the end of --help
    std::vector<Command> commands = {};
};

// The options that every program has beside its table.
inline constexpr const char* config_meaning = "file of `name = value` lines (also FANION_CONFIG)";
inline constexpr const char* help_man_meaning = "print the manual page, for man -l -";
inline constexpr const char* help_config_meaning =
    "print a configuration file with the options that are given, and all others as comments";

// The options that were given, by name, as text. The values of a list are joined by commas.
using Given = std::map<std::string, std::string, std::less<>>;

struct Reading {
    std::vector<std::string> errors;    // every mistake; if there are any, the program exits with 2
    std::optional<std::string> answer;  // output of --help.. or --version, after which the program exits with 0
    std::vector<std::string> commands;  // the commands given, in the order of Program::commands
    Given given;

    void fail(const std::string& option, const std::string& what) { errors.push_back("--" + option + ": " + what); }
    void fail(std::string what) { errors.push_back(std::move(what)); }
};

// The result of a service's configuration parser.
template <class Config>
struct Parsed : Reading {
    Config config;
};

// Parses the arguments, the environment and the configuration file into the variables bound to
// `options`.
Reading parse(const Program& program, const Options& options, const std::vector<std::string>& arguments,
              const Environment& environment);

}  // namespace fanion::config
