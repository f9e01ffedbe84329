#include <memory>

#include "common/base/text.hpp"
#include "common/cli/commands.hpp"
#include "common/cli/files.hpp"
#include "common/json/limits.hpp"
#include "common/model/json.hpp"
#include "common/rule/text.hpp"

namespace fanion::cli {
namespace {

Exit run_parse(const std::string& argument, const Terminal& terminal) {
    const auto text = read_argument(argument);
    if (!text) return terminal.fail(Exit::usage, text.error().detail);
    const auto parsed = rule::parse(*text);
    if (!parsed)
        return terminal.fail(Error{Errc::unprocessable, "this is not a valid condition", parsed.error().findings});
    std::string out;
    json::Writer writer(out);
    model::write_condition(writer, parsed->condition);
    terminal.print(out);
    return Exit::ok;
}

Result<model::Condition> read_tree(std::string_view text) {
    json::Document document;
    if (auto parsed = document.parse(text); !parsed) return parsed.error();
    std::vector<Finding> findings;
    json::Reader reader(document.root(), findings);
    auto condition = model::read_condition(reader, model::UnknownFields::refuse);
    if (!findings.empty()) return Error{Errc::unprocessable, "this is not a valid condition tree", std::move(findings)};
    return condition;
}

Exit run_print(const std::string& argument, const Terminal& terminal) {
    const auto text = read_argument(argument);
    if (!text) return terminal.fail(Exit::usage, text.error().detail);
    const auto tree = read_tree(*text);
    if (!tree) return terminal.fail(Error{Errc::unprocessable, tree.error().detail, tree.error().findings});
    const auto printed = rule::print(*tree);
    std::string out;
    if (terminal.json) append_json_string(out, printed);
    terminal.print(terminal.json ? out : printed);
    return Exit::ok;
}

void add_command(CLI::App& group, Session& session, const char* name, const char* help, const char* input,
                 Exit (*run)(const std::string&, const Terminal&)) {
    auto argument = std::make_shared<std::string>("-");
    auto* command = group.add_subcommand(name, help);
    command->add_option("input", *argument, input)->capture_default_str();
    command->callback([argument, &session, run] {
        session.chosen = [argument, &session, run] { return run(*argument, session.terminal); };
    });
}

}  // namespace

void add_rule_commands(CLI::App& app, Session& session) {
    auto* group = app.add_subcommand("rule", "convert conditions between text and JSON, offline");
    group->require_subcommand(1);
    group->fallthrough();
    group->footer(
        "docs/rule-language.md describes the text:  country in [\"DE\", \"AT\"] and not segment \"internal\"\n"
        "Exit codes: 0 done; 1 the text or tree is wrong (the message gives line, column and what was expected); 2 "
        "wrong "
        "usage.");
    add_command(*group, session, "parse", "convert text to the JSON tree of a rule's `when`",
                "the text; @FILE, or - for standard input", run_parse);
    add_command(*group, session, "print",
                "convert the JSON tree of a rule's `when` to text; with --json to a JSON string",
                "the tree; @FILE, or - for standard input", run_print);
}

}  // namespace fanion::cli
