#include <cstdlib>
#include <iostream>
#include <memory>

#include "common/base/text.hpp"
#include "common/cli/commands.hpp"
#include "common/cli/eval_offline.hpp"
#include "common/cli/exchange.hpp"
#include "common/cli/explain_tree.hpp"
#include "common/cli/files.hpp"
#include "common/cli/ruleset_file.hpp"
#include "common/json/reader.hpp"

namespace fanion::cli {
namespace {

struct EvalOptions {
    std::string ruleset, trust, now;
    std::string relay, key;
    std::string flag, context;
    bool explain = false;
};

void show(const EvalOptions& options, const std::string& answer, const Terminal& terminal) {
    json::Document document;
    const bool for_a_person =
        !terminal.json && is_terminal_output() && document.parse(answer, {.bytes = answer.size()});
    if (!for_a_person) return terminal.print(answer);
    terminal.print(answer_sentence(options.flag, document.root()));
    if (options.explain) terminal.print(explain_tree(document.root()));
}

// Leaves `document` empty if no context was given. Error: invalid_input.
Result<> read_context(const EvalOptions& options, json::Document& document) {
    if (options.context.empty()) return {};
    const auto text = read_argument(options.context);
    if (!text) return text.error();
    if (auto parsed = document.parse(*text); !parsed)
        return Error{Errc::invalid_input, "context: " + describe(parsed.error())};
    return {};
}

Exit eval_at_relay(const EvalOptions& options, const Terminal& terminal) {
    if (options.flag.empty())
        return terminal.fail(Exit::usage, "no flag given; usage: fanion eval --relay URL --key KEY FLAG [CONTEXT]");
    if (options.key.empty()) return terminal.fail(Exit::usage, "no key given; use --key KEY or FANION_KEY");
    json::Document context;
    if (auto read = read_context(options, context); !read) return terminal.fail(read.error());
    net::ClientRequest request;
    request.method = net::Method::post;
    request.target =
        (options.explain ? "/api/v1/explain/" : "/ofrep/v1/evaluate/flags/") + percent_encode(options.flag);
    request.headers.emplace_back("Authorization", "Bearer " + options.key);
    request.headers.emplace_back("Content-Type", "application/json");
    request.body = R"({"context":)" + (context.root() ? context.root().to_text() : "{}") + "}";
    const auto response = exchange(options.relay, std::move(request));
    if (!response) return terminal.fail(response.error());
    if (response->status == 200 || response->status == 400 || response->status == 404) {
        show(options, response->body, terminal);
        return response->status == 200 ? Exit::ok : Exit::refused;
    }
    return terminal.fail(error_of(*response));
}

Exit eval_offline(const EvalOptions& options, const Terminal& terminal) {
    UnixMillis now = SystemClock().now();
    if (!options.now.empty()) {
        const auto given = parse_time(options.now);
        if (!given) return terminal.fail(Exit::usage, "--now: " + given.error().detail);
        now = *given;
    }
    const auto source = read_file(options.ruleset);
    if (!source) return terminal.fail(source.error());
    const auto trust = read_trust(options.trust);
    if (!trust) return terminal.fail(trust.error());
    const auto loaded = load_ruleset(*source, *trust);
    if (!loaded) return terminal.fail(loaded.error());
    if (loaded->unverified) std::cerr << "fanion: signatures were not verified; use --trust FILE to verify them\n";
    const Answerer answerer(*loaded->ruleset, now, options.explain);
    if (options.flag.empty()) return answer_lines(answerer, std::cin, terminal) ? Exit::ok : Exit::refused;

    json::Document context;
    if (auto read = read_context(options, context); !read) return terminal.fail(read.error());
    const auto result = answerer.answer(options.flag, context_of(context.root()));
    show(options, result.json, terminal);
    return result.is_error ? Exit::refused : Exit::ok;
}

// A relay from FANION_RELAY is only a default: --ruleset takes precedence over it.
bool is_from_environment(const std::string& relay) {
    const char* given = std::getenv("FANION_RELAY");
    return given != nullptr && relay == given;
}

// Standard input can be read only once. Without a flag, it contains the questions.
bool reads_input_twice(const EvalOptions& options) {
    const int readers =
        (options.ruleset == "-") + (options.trust == "-") + (options.flag.empty() || options.context == "-");
    return readers > 1;
}

Exit run_eval(const EvalOptions& options, const Terminal& terminal) {
    const bool at_relay = !options.relay.empty() && (options.ruleset.empty() || !is_from_environment(options.relay));
    if (options.ruleset.empty() != at_relay)
        return terminal.fail(Exit::usage, "no source given; use --relay URL --key KEY, or --ruleset FILE");
    if (at_relay && !(options.trust.empty() && options.now.empty()))
        return terminal.fail(Exit::usage,
                             "--trust and --now require --ruleset; a relay uses its own trust document and clock");
    if (!at_relay && reads_input_twice(options))
        return terminal.fail(Exit::usage, "standard input (-) can be used only once");
    return at_relay ? eval_at_relay(options, terminal) : eval_offline(options, terminal);
}

}  // namespace

void add_eval_command(CLI::App& app, Session& session) {
    auto options = std::make_shared<EvalOptions>();
    auto* eval = app.add_subcommand("eval", "evaluate a flag at a relay, or offline from a ruleset file");
    eval->footer(
        "With --ruleset and without FLAG, each {\"flag\",\"context\"} line on standard input is answered by one line.\n"
        "Answers are JSON. On a terminal, the answer for one FLAG is a sentence unless --json is given.");
    eval->add_option("flag", options->flag, "the flag's key");
    eval->add_option("context,--context", options->context, "JSON object; @FILE or - for standard input");
    eval->add_option("--relay", options->relay, "relay's address, e.g. http://127.0.0.1:8080")->envname("FANION_RELAY");
    eval->add_option("--key", options->key, "server or client key for the relay")->envname("FANION_KEY");
    eval->add_option("--ruleset", options->ruleset, "ruleset file, plain or signed; - for standard input");
    eval->add_option("--trust", options->trust, "trust document, to verify a signed ruleset");
    eval->add_flag("--explain", options->explain,
                   "explain the answer step by step: a tree on a terminal, otherwise JSON");
    eval->add_option("--now", options->now, "time of the evaluation: RFC 3339 or milliseconds since 1970");
    eval->callback(
        [options, &session] { session.chosen = [options, &session] { return run_eval(*options, session.terminal); }; });
}

}  // namespace fanion::cli
