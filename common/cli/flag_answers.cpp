// What the control plane knows of a flag's answers: when and to whom they were given.

#include "common/cli/commands.hpp"
#include "common/cli/exchange.hpp"
#include "common/cli/flag_lifecycle.hpp"
#include "common/json/reader.hpp"

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

}  // namespace

void add_answer_commands(CLI::App& flag, Session& session, const FlagOptionsPtr& options) {
    auto* evaluations = add_command(flag, session, options, "evaluations",
                                    "list when each variation was last given, and who asked", run_evaluations);
    evaluations->add_option("flag", options->key, "the flag's key")->required();
}

}  // namespace fanion::cli
