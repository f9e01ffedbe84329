#include <algorithm>
#include <memory>

#include "common/base/text.hpp"
#include "common/cli/commands.hpp"
#include "common/cli/files.hpp"
#include "common/cli/signed_file.hpp"
#include "common/eval/compile/ruleset.hpp"
#include "common/json/writer.hpp"
#include "common/wire/trust.hpp"

namespace fanion::cli {

bool is_signed_form(std::string_view text) {
    return wire::parse_signature_line(text.substr(0, text.find('\n'))).has_value();
}

Result<wire::Accepted> verify_file(std::string_view text, const TrustFile& trust_file) {
    const auto trust = wire::parse_first_trust(trust_file.text);
    if (!trust) return Error{Errc::unprocessable, trust_file.name + ": " + describe(trust.error())};
    wire::Expected expected;
    expected.at_rest = true;
    expected.redacted = wire::Redacted::accepted;
    auto result = wire::accept_ruleset(text, *trust, expected);
    if (const auto* rejection = std::get_if<wire::Rejection>(&result)) {
        const std::string code(wire::name_of(rejection->code));
        return Error{Errc::unprocessable, "the ruleset does not verify", {{"", "", code, rejection->detail}}};
    }
    return std::get<wire::Accepted>(std::move(result));
}

Result<> check_compiles(const wire::ItemSet& items) {
    std::vector<eval::Item> list;
    for (const auto& [key, item] : items.items()) {
        if (item.body) list.push_back({key, item.body});
    }
    const auto compiled = eval::compile(list);
    if (compiled) return {};
    auto error = compiled.error();
    if (!items.has_redacted()) return error;
    std::erase_if(error.findings, [](const Finding& finding) { return finding.code == "unknown_reference"; });
    if (error.findings.empty()) return {};
    return error;
}

namespace {

struct VerifyOptions {
    std::string file;
    std::string trust;
};

std::size_t withheld(const wire::Accepted& accepted) {
    const auto& items = accepted.items.items();
    return static_cast<std::size_t>(
        std::count_if(items.begin(), items.end(), [](const auto& entry) { return !entry.second.body; }));
}

std::string withheld_text(const wire::Accepted& accepted) {
    const auto count = withheld(accepted);
    return count == 0 ? "" : "; " + std::to_string(count) + " withheld";
}

std::string report_json(const wire::Accepted& accepted) {
    const auto& m = accepted.manifest;
    std::string out;
    json::Writer w(out);
    w.begin_object().member("iss", m.iss).member("org", m.org).member("project", m.project).member("env", m.env);
    w.member("env_id", m.env_id).member("version", wire::to_string(m.version)).member("root", to_hex(m.root));
    w.member("items", m.items)
        .member("withheld", withheld(accepted))
        .member("bytes", m.bytes)
        .member("issued_at", format_rfc3339(m.issued_at))
        .end_object();
    return out;
}

std::string report_text(const wire::Accepted& accepted) {
    const auto& m = accepted.manifest;
    return table(
        {{"verified",
          wire::to_string(m.version) + " of " + m.org + "/" + m.project + "/" + m.env + " (" + m.env_id + ")"},
         {"issuer", m.iss},
         {"issued", format_rfc3339(m.issued_at)},
         {"items", std::to_string(m.items) + ", " + std::to_string(m.bytes) + " bytes" + withheld_text(accepted)},
         {"root", to_hex(m.root)}});
}

Exit run_verify(const VerifyOptions& options, const Terminal& terminal) {
    if (options.file == "-" && options.trust == "-")
        return terminal.fail(Exit::usage, "standard input (-) cannot be both the ruleset and the trust document");
    const auto text = read_file(options.file);
    if (!text) return terminal.fail(text.error());
    auto trust = read_file(options.trust);
    if (!trust) return terminal.fail(trust.error());
    const auto accepted = verify_file(*text, {options.trust, std::move(*trust)});
    if (!accepted) return terminal.fail(accepted.error());
    // Step 10 of the acceptance table: the ruleset must also compile.
    if (auto compiles = check_compiles(accepted->items); !compiles) return terminal.fail(compiles.error());
    terminal.print(terminal.json ? report_json(*accepted) : report_text(*accepted));
    return Exit::ok;
}

}  // namespace

void add_ruleset_commands(CLI::App& app, Session& session) {
    auto* group = app.add_subcommand("ruleset", "work with ruleset files");
    group->require_subcommand(1);
    group->fallthrough();
    auto options = std::make_shared<VerifyOptions>();
    auto* verify = group->add_subcommand(
        "verify", "verify signature, root and content of a signed ruleset; exit with 1 on failure");
    verify->add_option("file", options->file, "the ruleset; - for standard input")->required();
    verify->add_option("--trust", options->trust, "trust document")->required();
    verify->callback([options, &session] {
        session.chosen = [options, &session] { return run_verify(*options, session.terminal); };
    });
}

}  // namespace fanion::cli
