// `fanion check`: the static checks of a ruleset file (docs/checks.md).

#include <iostream>
#include <memory>

#include "common/cli/commands.hpp"
#include "common/cli/files.hpp"
#include "common/cli/ruleset_file.hpp"
#include "common/eval/check/check.hpp"
#include "common/json/writer.hpp"

namespace fanion::cli {
namespace {

struct CheckOptions {
    std::string file;
    std::string trust;
    bool strict = false;
};

using Warnings = std::vector<eval::Warning>;

Result<Warnings> check_signed(std::string_view text, const std::optional<TrustFile>& trust) {
    const auto items = load_signed_items(text, trust);
    if (!items) return items.error();
    std::vector<eval::Item> list;
    for (const auto& [key, item] : items->items())
        if (item.body) list.push_back({key, item.body});
    // A redacted ruleset is incomplete: it need not compile, but its other items can still be checked.
    auto compiled = eval::compile(list);
    if (!compiled && !items->has_redacted()) return compiled.error();
    return eval::check(list);
}

Result<Warnings> check_plain(std::string_view text, const std::optional<TrustFile>& trust) {
    if (trust)
        return Error{Errc::unprocessable, "the ruleset is not signed; omit --trust to check it without verification"};
    return use_plain(text, [](std::string_view plain) { return eval::check_plain(plain); });
}

std::string report_json(const Warnings& warnings) {
    std::string out;
    json::Writer w(out);
    w.begin_object().key("warnings").begin_array();
    for (const auto& warning : warnings) {
        w.begin_object().member("item", warning.item).member("pointer", warning.pointer);
        w.member("code", warning.code).member("detail", warning.detail).end_object();
    }
    w.end_array().end_object();
    return out;
}

void show(const Warnings& warnings, const Terminal& terminal) {
    if (terminal.json) return terminal.print(report_json(warnings));
    for (const auto& warning : warnings) {
        const auto place = warning.item + " " + (warning.pointer.empty() ? "(whole)" : warning.pointer);
        terminal.print(place + ": " + warning.detail + " [" + warning.code + "]");
    }
    std::cerr << "fanion: "
              << (warnings.empty()
                      ? "no findings"
                      : std::to_string(warnings.size()) + (warnings.size() == 1 ? " finding" : " findings"))
              << "\n";
}

Exit run_check(const CheckOptions& options, const Terminal& terminal) {
    const auto text = read_file(options.file);
    if (!text) return terminal.fail(text.error());
    const auto trust = read_trust(options.trust);
    if (!trust) return terminal.fail(trust.error());
    const auto warnings = is_signed_form(*text) ? check_signed(*text, *trust) : check_plain(*text, *trust);
    if (!warnings) return terminal.fail(warnings.error());
    show(*warnings, terminal);
    return options.strict && !warnings->empty() ? Exit::refused : Exit::ok;
}

}  // namespace

void add_check_command(CLI::App& app, Session& session) {
    auto options = std::make_shared<CheckOptions>();
    auto* check = app.add_subcommand("check", "find mistakes in a ruleset that compiles, such as unreachable rules");
    check->footer(
        "Each finding is a line `item pointer: sentence [code]`. The exit code is 1 if the ruleset does not compile.");
    check->add_option("file", options->file, "ruleset file, plain or signed; - for standard input")->required();
    check->add_option("--trust", options->trust, "trust document, to verify a signed ruleset");
    check->add_flag("--strict", options->strict, "exit with 1 if there are findings");
    check->callback([options, &session] {
        session.chosen = [options, &session] { return run_check(*options, session.terminal); };
    });
}

}  // namespace fanion::cli
