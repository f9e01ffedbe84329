#include <memory>

#include "common/base/text.hpp"
#include "common/cli/audit_options.hpp"
#include "common/cli/commands.hpp"
#include "common/cli/organisation.hpp"
#include "common/json/reader.hpp"

namespace fanion::cli {

std::string audit_conditions(const AuditOptions& options) {
    std::string query;
    const auto add = [&query](const char* name, const std::string& value) {
        if (!value.empty()) query.append("&").append(name).append("=").append(percent_encode(value));
    };
    add("resource", options.resource);
    add("actor", options.actor);
    add("action", options.action);
    add("project", options.project);
    add("env", options.env);
    add("group", options.group);
    add("text", options.text);
    add("from", options.from);
    add("to", options.to);
    return query;
}

namespace {

using AuditOptionsPtr = std::shared_ptr<AuditOptions>;

std::vector<std::string> row_of(json::Reader& item) {
    auto entry = item.object("entry");
    const auto email = entry.string("actor_email", "");
    const auto kind = entry.string("actor_kind", "");
    const auto id = entry.string("actor_id", "");
    return {std::to_string(item.unsigned_integer("seq", 0)),
            entry.string("at", ""),
            entry.string("id", ""),
            !email.empty() ? email
            : !id.empty()  ? id
                           : kind,
            entry.string("action", ""),
            entry.string("resource", ""),
            entry.string("comment", "")};
}

Exit run_audit_list(const AuditOptions& options, const Terminal& terminal) {
    auto org = open_organisation(options.org);
    if (!org) return terminal.fail(org.error());
    const auto path = org->path + "/audit?limit=" + std::to_string(options.limit) + audit_conditions(options);
    const auto response = org->client.call({.path = path});
    if (!response) return terminal.fail(response.error());
    json::Document document;
    if (auto parsed = read_answer(document, *response); !parsed) return terminal.fail(parsed.error());
    std::vector<Finding> ignored;
    json::Reader r(document.root(), ignored);
    if (terminal.json) {
        terminal.print(r.any("items").to_text());
        return Exit::ok;
    }
    std::vector<std::vector<std::string>> rows{{"SEQ", "AT", "ID", "BY", "ACTION", "RESOURCE", "COMMENT"}};
    for (auto& item : r.array("items")) rows.push_back(row_of(item));
    terminal.print(table(rows));
    return Exit::ok;
}

// Who did what, and each difference on a line of its own.
Exit run_audit_get(const AuditOptions& options, const Terminal& terminal) {
    auto org = open_organisation(options.org);
    if (!org) return terminal.fail(org.error());
    const auto response = org->client.call({.path = org->path + "/audit/" + percent_encode(options.id)});
    if (!response) return terminal.fail(response.error());
    json::Document document;
    if (auto parsed = read_answer(document, *response); !parsed) return terminal.fail(parsed.error());
    if (terminal.json) {
        terminal.print(response->body);
        return Exit::ok;
    }
    std::vector<Finding> ignored;
    json::Reader r(document.root(), ignored);
    std::vector<std::vector<std::string>> rows{{"SEQ", "AT", "ID", "BY", "ACTION", "RESOURCE", "COMMENT"}, row_of(r)};
    auto text = table(rows);
    for (auto& operation : r.object("entry").array("patch")) text += "\n  " + operation.value().to_text();
    terminal.print(text);
    return Exit::ok;
}

Exit run_audit_revert(const AuditOptions& options, const Terminal& terminal) {
    auto org = open_organisation(options.org);
    if (!org) return terminal.fail(org.error());
    const auto path =
        org->path + "/audit/" + percent_encode(options.id) + "/revert?dry_run=" + (options.dry_run ? "true" : "false");
    const auto response = org->client.call({.method = net::Method::post, .path = with_comment(path, options.comment)});
    if (!response) return terminal.fail(response.error());
    if (terminal.json) {
        terminal.print(response->body.empty() ? "{}" : response->body);
        return Exit::ok;
    }
    if (!options.dry_run) {
        terminal.print("reverted " + options.id);
        return Exit::ok;
    }
    json::Document document;
    if (auto parsed = read_answer(document, *response); !parsed) return terminal.fail(parsed.error());
    std::vector<Finding> ignored;
    json::Reader r(document.root(), ignored);
    auto text = r.string("change", "") + ' ' + r.string("resource", "");
    for (auto& operation : r.array("patch")) text += "\n  " + operation.value().to_text();
    terminal.print(text);
    return Exit::ok;
}

Exit run_audit_retention(const AuditOptions& options, const Terminal& terminal) {
    const bool is_default = options.retention == "default";
    const auto days = parse_u64(options.retention);
    if (!is_default && !days && !options.retention.empty())
        return terminal.fail(Exit::usage, "days: give a number of days, or `default`");
    auto org = open_organisation(options.org);
    if (!org) return terminal.fail(org.error());
    AdminCall call{.path = org->path + "/audit/settings"};
    if (!options.retention.empty()) {
        call.method = net::Method::put;
        call.body = R"({"retention_days":)" + (is_default ? "null" : std::to_string(*days)) + '}';
        call.path = with_comment(std::move(call.path), options.comment);
    }
    const auto response = org->client.call(call);
    if (!response) return terminal.fail(response.error());
    json::Document document;
    if (auto parsed = read_answer(document, *response); !parsed) return terminal.fail(parsed.error());
    std::vector<Finding> ignored;
    json::Reader r(document.root(), ignored);
    const auto kept = r.is_null("retention_days")
                          ? "as long as the operator has set"
                          : "for " + std::to_string(r.unsigned_integer("retention_days", 0)) + " days";
    terminal.print(terminal.json ? response->body : "entries are kept " + kept);
    return Exit::ok;
}

void add_conditions(CLI::App& command, AuditOptions& options) {
    command.add_option("--resource", options.resource,
                       "a resource and those below it: projects/web/flags/new-checkout");
    command.add_option("--actor", options.actor, "who: an e-mail address, or the id of a person or key");
    command.add_option("--action", options.action, "what: flag.updated, ..");
    command.add_option("--project", options.project, "in this project");
    command.add_option("--env", options.env, "in this environment");
    command.add_option("--group", options.group, "entries of one change: the id of its first one");
    command.add_option("--text", options.text, "with this text in resource, comment or action");
    command.add_option("--from", options.from, "at this time or later: 2026-11-29T12:00:00Z");
    command.add_option("--to", options.to, "before this time");
}

void add_verify(CLI::App& group, Session& session, const AuditOptionsPtr& options) {
    auto* verify =
        add_command(group, session, options, "verify",
                    "check an export offline; exit with 1 if anything was changed, moved or removed", run_audit_verify);
    verify->add_option("file", options->file, "the export, as NDJSON; - for standard input")->required();
    verify->add_option("--ruleset", options->rulesets, "signed rulesets that name entries of the log");
    verify->add_option("--trust", options->trust, "trust document, to verify the rulesets");
    verify->add_option("--after", options->after, "the end of the export before this one: SEQ:HASH");
}

}  // namespace

void add_audit_commands(CLI::App& app, Session& session) {
    auto options = std::make_shared<AuditOptions>();
    auto* group = group_of(app, "audit", "the audit log of an organisation");
    group->add_option("--org", options->org, "organisation")->envname("FANION_ORG");
    auto* list = add_command(*group, session, options, "list", "list entries, newest first", run_audit_list);
    add_conditions(*list, *options);
    list->add_option("--limit", options->limit, "1 to 200")->capture_default_str();
    auto* exported = add_command(*group, session, options, "export", "write the log to a file", run_audit_export);
    add_conditions(*exported, *options);
    exported->add_option("--format", options->format, "ndjson or csv")->capture_default_str();
    exported->add_option("--output", options->output, "the file; - for standard output")->capture_default_str();
    add_verify(*group, session, options);
    auto* tail = add_command(*group, session, options, "tail", "print changes as they are made", run_audit_tail);
    tail->add_option("--since", options->since, "begin after this entry: its number");
    tail->add_option("--count", options->count, "end after so many");
    auto* get = add_command(*group, session, options, "get", "show one entry, with what it changed", run_audit_get);
    auto* revert = add_command(*group, session, options, "revert", "undo an entry by a new change", run_audit_revert);
    for (auto* command : {get, revert})
        command->add_option("id", options->id, "as `fanion audit list` prints it")->required();
    revert->add_flag("--dry-run", options->dry_run, "only print what would change");
    auto* retention = add_command(*group, session, options, "retention", "print how long entries are kept, or set it",
                                  run_audit_retention);
    retention->add_option("days", options->retention, "7 to 36500, or `default`: as the operator has set");
    for (auto* command : {revert, retention}) add_comment_option(*command, options->comment);
}

}  // namespace fanion::cli
