#include <memory>

#include "common/base/text.hpp"
#include "common/cli/commands.hpp"
#include "common/cli/files.hpp"
#include "common/cli/signed_file.hpp"
#include "common/eval/ruleset.hpp"
#include "common/json/writer.hpp"
#include "common/wire/trust.hpp"

namespace fanion::cli {

bool is_signed_form(std::string_view text) {
    return wire::parse_signature_line(text.substr(0, text.find('\n'))).has_value();
}

Result<wire::Accepted> verify_file(std::string_view text, const std::string& trust_file) {
    const auto trust_text = read_file(trust_file);
    if (!trust_text) return trust_text.error();
    const auto trust = wire::parse_first_trust(*trust_text);
    if (!trust) return Error{Errc::invalid_input, trust_file + ": " + describe(trust.error())};
    wire::Expected expected;
    expected.at_rest = true;
    auto result = wire::accept_ruleset(text, *trust, expected);
    if (const auto* rejection = std::get_if<wire::Rejection>(&result)) {
        const std::string code(wire::name_of(rejection->code));
        return Error{Errc::invalid_input, "does not verify", {{"", "", code, rejection->detail}}};
    }
    return std::get<wire::Accepted>(std::move(result));
}

namespace {

struct VerifyOptions {
    std::string file;
    std::string trust;
};

std::string report_json(const wire::Accepted& accepted) {
    const auto& m = accepted.manifest;
    std::string out;
    json::Writer w(out);
    w.begin_object().member("iss", m.iss).member("org", m.org).member("project", m.project).member("env", m.env);
    w.member("env_id", m.env_id).member("version", wire::to_string(m.version)).member("root", to_hex(m.root));
    w.member("items", m.items).member("bytes", m.bytes).member("issued_at", format_rfc3339(m.issued_at)).end_object();
    return out;
}

std::string report_text(const wire::Accepted& accepted) {
    const auto& m = accepted.manifest;
    return table({{"verified",
                   wire::to_string(m.version) + " of " + m.org + "/" + m.project + "/" + m.env + " (" + m.env_id + ")"},
                  {"issuer", m.iss},
                  {"issued", format_rfc3339(m.issued_at)},
                  {"items", std::to_string(m.items) + ", " + std::to_string(m.bytes) + " bytes"},
                  {"root", to_hex(m.root)}});
}

Exit run_verify(const VerifyOptions& options, const Terminal& terminal) {
    const auto text = read_file(options.file);
    if (!text) return terminal.fail(Exit::usage, text.error().detail);
    const auto accepted = verify_file(*text, options.trust);
    if (!accepted) return terminal.fail(accepted.error());
    // Step 10: what verifies but cannot be loaded is no good ruleset either.
    std::vector<eval::Item> items;
    for (const auto& [key, item] : accepted->items.items()) {
        if (item.body) items.push_back({key, item.body});
    }
    const auto compiled = eval::compile(items);
    if (!compiled && !accepted->items.has_redacted()) return terminal.fail(compiled.error());
    terminal.print(terminal.json ? report_json(*accepted) : report_text(*accepted));
    return Exit::ok;
}

}  // namespace

void add_ruleset_commands(CLI::App& app, Session& session) {
    auto* group = app.add_subcommand("ruleset", "rulesets as files");
    group->require_subcommand(1);
    group->fallthrough();
    auto options = std::make_shared<VerifyOptions>();
    auto* verify =
        group->add_subcommand("verify", "check signature, root and content of a signed ruleset; exit 1 when it fails");
    verify->add_option("file", options->file, "the ruleset; - for standard input")->required();
    verify->add_option("--trust", options->trust, "trust document")->required();
    verify->callback([options, &session] {
        session.chosen = [options, &session] { return run_verify(*options, session.terminal); };
    });
}

}  // namespace fanion::cli
