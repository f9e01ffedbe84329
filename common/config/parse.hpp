#pragma once

// A program's configuration as it was given: options win over the environment (FANION_<NAME>), the environment over the file
// (--config or FANION_CONFIG, `name = value` lines). Every mistake is told, not only the first.

#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "common/config/option.hpp"

namespace fanion::config {

using Environment = std::function<std::optional<std::string>(std::string_view name)>;

struct Command {
    std::string name;
    std::string meaning;
};

struct Program {
    std::string name;
    std::string description;
    std::string version;
    std::string footer;  // of --help
    std::vector<Command> commands = {};
};

// What was given, option by option; several values of a list are joined by comma.
using Given = std::map<std::string, std::string, std::less<>>;

struct Reading {
    std::vector<std::string> errors;    // all of them; the program ends with 2
    std::optional<std::string> answer;  // --help, --version: to be printed; the program ends with 0
    std::vector<std::string> commands;  // those given, in the order of Program::commands
    Given given;

    void fail(const std::string& option, const std::string& what) { errors.push_back("--" + option + ": " + what); }
    void fail(std::string what) { errors.push_back(std::move(what)); }
};

// What a service's configuration parser returns.
template <class Config>
struct Parsed : Reading {
    Config config;
};

// Puts what is given where `options` says. With an answer nothing was read.
Reading parse(const Program& program, const Options& options, const std::vector<std::string>& arguments,
              const Environment& environment);

}  // namespace fanion::config
