// What the control plane knows of a flag's answers: when and to whom they were given, and why.

#include "common/base/text.hpp"
#include "common/cli/commands.hpp"
#include "common/cli/exchange.hpp"
#include "common/cli/explain_tree.hpp"
#include "common/cli/files.hpp"
#include "common/cli/flag_lifecycle.hpp"
#include "common/json/reader.hpp"
#include "common/json/writer.hpp"

namespace fanion::cli {
namespace {

using FlagOptionsPtr = std::shared_ptr<FlagOptions>;
using AnswerRows = std::vector<std::vector<std::string>>;

void add_evaluation_rows(AnswerRows& rows, const std::string& environment, json::Value value) {
    std::vector<Finding> ignored;
    json::Reader r(value, ignored);
    for (auto& one : r.array("variations"))
        rows.push_back({environment, "variation " + one.string("variation", ""), one.string("last_at", "")});
    for (auto& one : r.array("callers")) {
        const auto sdk = one.string("sdk", "");
        rows.push_back({environment, "relay " + one.string("relay", "") + (sdk.empty() ? "" : " for " + sdk),
                        one.string("last_at", "")});
    }
    if (r.is_null("evaluated_at")) rows.push_back({environment, "", "never"});
}

Exit run_evaluations(const FlagOptions& options, const Terminal& terminal) {
    auto place = FlagPlace::open(options, false);
    if (!place) return terminal.fail(place.error());
    const auto response = place->client().call({.path = place->flag(options.key) + "/evaluations"});
    if (!response) return terminal.fail(response.error());
    json::Document document;
    if (auto parsed = read_answer(document, *response); !parsed) return terminal.fail(parsed.error());
    if (terminal.json) {
        terminal.print(response->body);
        return Exit::ok;
    }
    std::vector<Finding> ignored;
    json::Reader r(document.root(), ignored);
    AnswerRows rows{{"ENVIRONMENT", "WHAT", "LAST"}};
    auto environments = r.object("environments");
    if (environments.is_object()) {
        for (const auto& [name, value] : environments.value().members())
            add_evaluation_rows(rows, std::string(name), value);
    }
    terminal.print(table(rows));
    return Exit::ok;
}

// {"flag","context","at"}. Error: invalid_input.
Result<std::string> question_of(const FlagOptions& options) {
    const auto text = read_argument(options.patch.empty() ? "{}" : options.patch);
    if (!text) return text.error();
    json::Document context;
    if (auto parsed = context.parse(*text); !parsed)
        return Error{Errc::invalid_input, "context: " + describe(parsed.error())};
    std::string body;
    json::Writer w(body);
    w.begin_object().member("flag", options.key).key("context").raw(context.root().to_text());
    if (!options.at.empty()) w.member("at", options.at);
    w.end_object();
    return body;
}

Exit run_explain(const FlagOptions& options, const Terminal& terminal) {
    auto place = FlagPlace::open(options, true);
    if (!place) return terminal.fail(place.error());
    const auto question = question_of(options);
    if (!question) return terminal.fail(question.error());
    const auto response = place->client().call(
        {.method = net::Method::post, .path = place->environment() + "/evaluate", .body = *question});
    if (!response) return terminal.fail(response.error());
    json::Document document;
    if (auto parsed = read_answer(document, *response); !parsed) return terminal.fail(parsed.error());
    if (terminal.json) {
        terminal.print(response->body);
        return Exit::ok;
    }
    std::vector<Finding> ignored;
    json::Reader r(document.root(), ignored);
    const auto value = r.optional_any("value");
    const auto version = std::string(response->header("Fanion-Ruleset-Version"));
    terminal.print(options.key + " = " + (value ? value.to_text() : "the caller's default") + "  (" +
                   r.string("reason", "") + (version.empty() ? "" : ", ruleset " + version) + ')');
    auto tree = explain_tree(document.root());
    if (tree.ends_with('\n')) tree.pop_back();
    if (!tree.empty()) terminal.print(tree);
    return Exit::ok;
}

}  // namespace

void add_answer_commands(CLI::App& flag, Session& session, const FlagOptionsPtr& options) {
    auto* evaluations = add_command(flag, session, options, "evaluations",
                                    "list when each variation was last given, and who asked", run_evaluations);
    auto* explain =
        add_command(flag, session, options, "explain",
                    "say what the flag answers to a context in --env and why, now or at a past time", run_explain);
    for (auto* command : {evaluations, explain})
        command->add_option("flag", options->key, "the flag's key")->required();
    explain->add_option("context", options->patch, "JSON object; @FILE, or - for standard input");
    explain->add_option("--at", options->at, "with the ruleset of that time: 2026-11-29T12:00:00Z");
}

}  // namespace fanion::cli
