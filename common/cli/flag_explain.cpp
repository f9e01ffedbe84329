// `fanion flag explain`: why a context gets what it gets, from the present ruleset or a past one.

#include <memory>
#include <utility>

#include "common/cli/commands.hpp"
#include "common/cli/exchange.hpp"
#include "common/cli/explain_tree.hpp"
#include "common/cli/files.hpp"
#include "common/cli/flag_options.hpp"
#include "common/json/reader.hpp"
#include "common/json/writer.hpp"

namespace fanion::cli {
namespace {

struct FlagExplainOptions {
    std::shared_ptr<FlagOptions> place;
    std::string context, at, version;
};

Result<std::string> explain_body(const FlagExplainOptions& options) {
    const auto text = read_argument(options.context.empty() ? "{}" : options.context);
    if (!text) return text.error();
    json::Document context;
    if (auto parsed = context.parse(*text); !parsed)
        return Error{Errc::invalid_input, "context: " + describe(parsed.error())};
    std::string body;
    json::Writer w(body);
    w.begin_object().member("flag", options.place->key).key("context").raw(context.root().to_text());
    if (!options.at.empty()) w.member("at", options.at);
    if (!options.version.empty()) w.member("version", options.version);
    w.end_object();
    return body;
}

Exit run_explain(const FlagExplainOptions& options, const Terminal& terminal) {
    auto body = explain_body(options);
    if (!body) return terminal.fail(Exit::usage, body.error().detail);
    auto place = FlagPlace::open(*options.place, true);
    if (!place) return terminal.fail(place.error());
    const auto response = place->client().call(
        {.method = net::Method::post, .path = place->environment() + "/evaluate", .body = std::move(*body)});
    if (!response) return terminal.fail(response.error());
    json::Document document;
    if (auto parsed = read_answer(document, *response); !parsed) return terminal.fail(parsed.error());
    if (terminal.json) {
        terminal.print(response->body);
    } else {
        terminal.print(answer_sentence(options.place->key, document.root()));
        const auto ruleset = response->header("Fanion-Ruleset-Version");  // development=1763719200.4711
        const auto version = ruleset.substr(ruleset.find('=') + 1);
        if (!version.empty()) terminal.print("by version " + std::string(version) + " of " + place->env());
        if (const auto tree = explain_tree(document.root()); !tree.empty()) terminal.print(tree);
    }
    return document.root().find("error") ? Exit::refused : Exit::ok;
}

}  // namespace

void add_flag_explain_command(CLI::App& flag, Session& session, const std::shared_ptr<FlagOptions>& place) {
    auto options = std::make_shared<FlagExplainOptions>();
    options->place = place;
    auto* explain = add_command(flag, session, options, "explain",
                                "say what a context gets in --env and why, now or at a past time", run_explain);
    explain->add_option("flag", place->key, "the flag's key")->required();
    explain->add_option("context", options->context, "JSON object; @FILE or - for standard input; default: {}");
    auto* at = explain->add_option("--at", options->at, "by the ruleset of that time: 2026-11-28T17:30:00Z");
    explain->add_option("--version", options->version, "by that version of the ruleset")->excludes(at);
}

}  // namespace fanion::cli
