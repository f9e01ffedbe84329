// Scripts for shells, made from the tree of commands itself.

#include <memory>
#include <utility>

#include "common/cli/commands.hpp"

namespace fanion::cli {
namespace {

// A word that may come next, and what it is for.
struct Candidate {
    std::string word;
    std::string help;
};

// Of one command: its words as "flag rule", and what may follow them.
struct CommandWords {
    std::string path;
    std::vector<Candidate> candidates;
};

// Without what shells would take for syntax.
std::string plain_help(const std::string& help) {
    std::string out;
    for (const char c : help) {
        if (c == '\n' || c == '\r') break;
        if (std::string_view("'\"`\\$:[]!").find(c) == std::string_view::npos) out += c;
    }
    return out;
}

// Options of the commands above count as well, since they may be given behind this one.
void collect_words(const CLI::App& command, const std::string& path, std::vector<Candidate> inherited,
                   std::vector<CommandWords>& out) {
    for (const auto* option : command.get_options()) {
        for (const auto& name : option->get_lnames())
            inherited.push_back({"--" + name, plain_help(option->get_description())});
    }
    CommandWords words{path, {}};
    const auto below = command.get_subcommands([](const CLI::App*) { return true; });
    for (const auto* one : below) words.candidates.push_back({one->get_name(), plain_help(one->get_description())});
    words.candidates.insert(words.candidates.end(), inherited.begin(), inherited.end());
    out.push_back(std::move(words));
    for (const auto* one : below)
        collect_words(*one, path.empty() ? one->get_name() : path + ' ' + one->get_name(), inherited, out);
}

// "'flag'|'flag list'|..", every path but the empty one.
std::string alternatives(const std::vector<CommandWords>& commands) {
    std::string out;
    for (const auto& command : commands)
        if (!command.path.empty()) out += (out.empty() ? "'" : "|'") + command.path + "'";
    return out;
}

// Finds in `at` which command the words before the present one name. Both shells read it.
std::string walk_over(const std::string& words, const std::vector<CommandWords>& commands) {
    return "    for word in " + words + "; do\n        case \"${at:+$at }$word\" in\n            " +
           alternatives(commands) + ") at=\"${at:+$at }$word\" ;;\n        esac\n    done\n    case $at in\n";
}

std::string bash_script(const std::vector<CommandWords>& commands) {
    std::string out =
        "_fanion() {\n"
        "    local current=${COMP_WORDS[COMP_CWORD]} at= word words=\n" +
        walk_over(R"("${COMP_WORDS[@]:1:COMP_CWORD-1}")", commands);
    for (const auto& command : commands) {
        out += "        '" + command.path + "') words='";
        for (const auto& candidate : command.candidates) out += candidate.word + ' ';
        out += "' ;;\n";
    }
    return out +
           "    esac\n"
           "    COMPREPLY=($(compgen -W \"$words\" -- \"$current\"))\n"
           "}\n"
           "complete -o default -F _fanion fanion";
}

std::string zsh_script(const std::vector<CommandWords>& commands) {
    std::string out =
        "#compdef fanion\n"
        "_fanion() {\n"
        "    local at= word\n"
        "    local -a found\n" +
        walk_over("${words[2,CURRENT-1]}", commands);
    for (const auto& command : commands) {
        out += "        '" + command.path + "') found=(";
        for (const auto& candidate : command.candidates) out += "'" + candidate.word + ':' + candidate.help + "' ";
        out += ") ;;\n";
    }
    return out +
           "    esac\n"
           "    _describe fanion found || _files\n"
           "}\n"
           // As a function that is loaded when it is first needed, the file is the body of the first call.
           "if [ \"$funcstack[1]\" = _fanion ]; then\n    _fanion \"$@\"\nelse\n    compdef _fanion fanion\nfi";
}

std::string fish_script(const std::vector<CommandWords>& commands) {
    std::string known;
    for (const auto& command : commands)
        if (!command.path.empty()) known += " '" + command.path + "'";
    std::string out =
        "function __fanion_is_at\n"
        "    set -l at ''\n"
        "    for word in (commandline -opc)[2..-1]\n"
        "        set -l longer (string trim \"$at $word\")\n"
        "        contains -- $longer" +
        known +
        "\n            and set at $longer\n"
        "    end\n"
        "    test \"$at\" = \"$argv[1]\"\n"
        "end\n";
    for (const auto& command : commands) {
        for (const auto& candidate : command.candidates) {
            const bool is_option = candidate.word.starts_with("--");
            out += "complete -c fanion -n \"__fanion_is_at '" + command.path + "'\" " +
                   (is_option ? "-l " + candidate.word.substr(2) : "-f -a " + candidate.word) + " -d '" +
                   candidate.help + "'\n";
        }
    }
    out.pop_back();
    return out;
}

Exit run_completion(const CLI::App& app, const std::string& shell, const Terminal& terminal) {
    std::vector<CommandWords> commands;
    collect_words(app, "", {}, commands);
    terminal.print(shell == "bash"  ? bash_script(commands)
                   : shell == "zsh" ? zsh_script(commands)
                                    : fish_script(commands));
    return Exit::ok;
}

}  // namespace

void add_completion_command(CLI::App& app, Session& session) {
    auto shell = std::make_shared<std::string>();
    auto* command = app.add_subcommand("completion", "print a script that completes commands in a shell");
    command->add_option("shell", *shell, "bash, zsh or fish")
        ->required()
        ->check(CLI::IsMember({"bash", "zsh", "fish"}));
    command->callback([&app, &session, shell] {
        session.chosen = [&app, &session, shell] { return run_completion(app, *shell, session.terminal); };
    });
}

}  // namespace fanion::cli
