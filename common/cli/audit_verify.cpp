#include <fstream>
#include <iostream>

#include "common/base/text.hpp"
#include "common/cli/audit_options.hpp"
#include "common/cli/files.hpp"
#include "common/cli/ruleset_file.hpp"
#include "common/json/writer.hpp"
#include "common/wire/audit_export.hpp"

namespace fanion::cli {
namespace {

struct Named {
    wire::AuditStatement statement;
    std::string org;
};

Error unusable(const std::string& file, const std::string& why) { return {Errc::unprocessable, file + ": " + why}; }

// What a signed ruleset says of its organisation's log. Without a trust document its signature is not checked.
Result<Named> read_ruleset(const std::string& file, const std::optional<TrustFile>& trust) {
    const auto text = read_file(file);
    if (!text) return text.error();
    if (!is_signed_form(*text)) return unusable(file, "this is not a signed ruleset");
    Result<wire::Manifest> manifest = Error{Errc::internal, ""};
    if (trust) {
        auto accepted = verify_file(*text, *trust);
        if (!accepted) return accepted.error();
        manifest = std::move(accepted->manifest);
    } else {
        const auto lines = split(*text, '\n');
        manifest = wire::parse_manifest(lines.size() > 1 ? lines[1] : std::string_view());
    }
    if (!manifest) return unusable(file, describe(manifest.error()));
    if (!manifest->audit) return unusable(file, "this ruleset names no entry of an audit log");
    const auto source = "ruleset " + wire::to_string(manifest->version) + " of " + manifest->org + '/' +
                        manifest->project + '/' + manifest->env;
    return Named{{source, *manifest->audit}, manifest->org};
}

Result<wire::AuditStatement> read_after(const std::string& text) {
    const auto colon = text.find(':');
    const auto seq = parse_u64(std::string_view(text).substr(0, colon));
    const auto hash = colon == std::string::npos ? std::nullopt : sha256_from_hex(text.substr(colon + 1));
    if (!seq || !hash)
        return Error{Errc::invalid_input, "--after: give the `head` of the export before as SEQ:HASH, as 41:9f86d0.."};
    return wire::AuditStatement{"--after", {*seq, *hash}, true};
}

struct Statements {
    std::vector<wire::AuditStatement> list;
    std::vector<Named> rulesets;
};

Result<Statements> read_statements(const AuditOptions& options) {
    Statements made;
    const auto trust = read_trust(options.trust);
    if (!trust) return trust.error();
    for (const auto& file : options.rulesets) {
        auto named = read_ruleset(file, *trust);
        if (!named) return named.error();
        made.list.push_back(named->statement);
        made.rulesets.push_back(std::move(*named));
    }
    if (options.after.empty()) return made;
    auto after = read_after(options.after);
    if (!after) return after.error();
    made.list.push_back(std::move(*after));
    return made;
}

constexpr std::size_t block_bytes = 64 * 1024;
constexpr std::size_t longest_line = 64 * 1024 * 1024;  // no entry comes near it

// Holds one line at a time. A file that has none ends with the beginning of what is not one.
wire::AuditReport verify_lines(std::istream& in, std::vector<wire::AuditStatement> statements) {
    wire::AuditVerifier verifier(std::move(statements));
    std::string block(block_bytes, '\0');
    std::string line;
    while (in.read(block.data(), block_bytes).gcount() > 0 && line.size() <= longest_line) {
        auto rest = std::string_view(block).substr(0, static_cast<std::size_t>(in.gcount()));
        for (auto end = rest.find('\n'); end != std::string_view::npos; end = rest.find('\n')) {
            verifier.feed(line.append(rest.substr(0, end)));
            line.clear();
            rest.remove_prefix(end + 1);
        }
        line.append(rest);
    }
    if (!line.empty()) verifier.feed(line, false);
    return verifier.finish();
}

std::string head_text(const wire::AuditHead& head) { return std::to_string(head.seq) + ':' + to_hex(head.hash); }

std::string fault_text(const wire::AuditFault& fault) {
    auto text = "line " + std::to_string(fault.line);
    if (fault.seq > 0) text += ", entry " + std::to_string(fault.seq);
    return text + ": " + fault.detail + " [" + fault.code + ']';
}

std::string report_text(const wire::AuditReport& report) {
    std::vector<std::vector<std::string>> rows{{"verified", std::to_string(report.entries) + " entries of " +
                                                                report.header.org + " (" + report.header.org_id + ")"},
                                               {"start", std::string(wire::name_of(report.start))},
                                               {"head", head_text(report.last)}};
    if (!report.header.filter.empty()) rows.push_back({"selection", report.header.filter});
    if (report.statements_met > 0) rows.push_back({"statements", std::to_string(report.statements_met) + " hold"});
    return table(rows);
}

std::string report_json(const wire::AuditReport& report) {
    std::string out;
    json::Writer w(out);
    w.begin_object().member("ok", report.faults.empty()).member("org", report.header.org);
    w.member("entries", report.entries).member("start", wire::name_of(report.start));
    w.member("after", head_text(report.header.after)).member("head", head_text(report.last));
    w.member("filter", report.header.filter).member("statements", report.statements_met).key("faults").begin_array();
    for (const auto& fault : report.faults) {
        w.begin_object().member("line", fault.line).member("seq", fault.seq).member("code", fault.code);
        w.member("detail", fault.detail).end_object();
    }
    w.end_array().end_object();
    return out;
}

Exit print_report(const wire::AuditReport& report, const Terminal& terminal) {
    const bool is_ok = report.faults.empty();
    if (terminal.json) {
        terminal.print(report_json(report));
    } else if (is_ok) {
        terminal.print(report_text(report));
    } else {
        for (const auto& fault : report.faults) terminal.print(fault_text(fault));
    }
    return is_ok ? Exit::ok : Exit::refused;
}

}  // namespace

Exit run_audit_verify(const AuditOptions& options, const Terminal& terminal) {
    auto statements = read_statements(options);
    if (!statements) return terminal.fail(statements.error());
    std::ifstream file;
    if (options.file != "-") {
        file.open(options.file, std::ios::binary);
        if (!file) return terminal.fail(Exit::usage, options.file + " cannot be read");
    }
    auto report = verify_lines(options.file == "-" ? std::cin : file, std::move(statements->list));
    for (const auto& ruleset : statements->rulesets) {
        if (ruleset.org == report.header.org) continue;
        report.faults.push_back(
            {1, 0, "foreign", ruleset.statement.source + " is of another organisation than the export"});
    }
    return print_report(report, terminal);
}

}  // namespace fanion::cli
