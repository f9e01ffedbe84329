#include <memory>
#include <utility>

#include "common/base/text.hpp"
#include "common/cli/commands.hpp"
#include "common/cli/exchange.hpp"
#include "common/cli/flag_options.hpp"
#include "common/cli/organisation.hpp"
#include "common/cli/pages.hpp"
#include "common/json/reader.hpp"
#include "common/json/writer.hpp"

namespace fanion::cli {
namespace {

struct PromotionOptions {
    std::string org, project, env;
    std::string from, to;
    std::vector<std::string> flags, segments, parts;
    std::string from_version, version;
    unsigned limit = 50;
    bool all = false;
    bool takes_along = false;
    bool dry_run = false;
    bool yes = false;
    std::string comment;
};

using PromotionOptionsPtr = std::shared_ptr<PromotionOptions>;
using Rows = std::vector<std::vector<std::string>>;

std::string value_of(json::Reader& difference, const char* side, const char* counted) {
    if (const auto value = difference.optional_any(side)) return shortened(value.to_text(), 60);
    const auto list = difference.optional_any(counted);
    const auto count = list.find("count");
    return count ? count.to_text() + " values" : "-";
}

// One row for each difference of "flag" or "segment" items.
void add_difference_rows(json::Reader& item, Rows& rows) {
    const auto flag = item.string("flag", "");
    const auto name = !flag.empty() ? "flag " + flag : "segment " + item.string("segment", "");
    for (auto& difference : item.array("differences")) {
        rows.push_back({name, difference.string("pointer", ""), value_of(difference, "from", "removed"),
                        value_of(difference, "to", "added")});
    }
}

Exit run_compare(const PromotionOptions& options, const Terminal& terminal) {
    auto place = FlagPlace::open_project(options.org, options.project, options.from);
    if (!place) return terminal.fail(place.error());
    auto query = "&with=" + percent_encode(options.to);
    if (!options.flags.empty()) query += "&flag=" + percent_encode(options.flags.front());
    if (!options.segments.empty()) query += "&segment=" + percent_encode(options.segments.front());
    const auto items = read_list(place->client(), place->environment() + "/compare", query);
    if (!items) return terminal.fail(items.error());
    if (terminal.json) {
        terminal.print(array_of(*items));
        return Exit::ok;
    }
    Rows rows{{"WHAT", "PLACE", options.from, options.to}};
    for (const auto& text : *items) {
        json::Document document;
        if (auto parsed = document.parse(text, {.bytes = text.size()}); !parsed) return terminal.fail(parsed.error());
        std::vector<Finding> ignored;
        json::Reader item(document.root(), ignored);
        add_difference_rows(item, rows);
    }
    terminal.print(rows.size() == 1 ? options.from + " and " + options.to + " are the same" : table(rows));
    return Exit::ok;
}

void write_names(json::Writer& w, const char* member, const std::vector<std::string>& names) {
    if (names.empty()) return;
    w.key(member).begin_array();
    for (const auto& name : names) w.string(name);
    w.end_array();
}

std::string why_it_stays(const std::string& code) {
    if (code == "not_in_version") return "it was not in that version";
    if (code == "deleted") return "it is deleted";
    if (code == "archived") return "it is archived";
    if (code == "missing_flag") return "it needs a flag that is gone";
    if (code == "missing_segment") return "it needs a segment that is gone";
    return code;
}

// Asks if the environment is protected, makes the change with If-Match, and prints what changed.
Exit change_environment(FlagPlace& place, const PromotionOptions& options, const Terminal& terminal,
                        const char* operation, const std::string& body, const std::string& done) {
    FlagOptions asked;
    asked.yes = options.yes;
    asked.key = "its flags";
    if (auto ok = options.dry_run ? Result<>() : confirm_change(place, asked); !ok) return terminal.fail(ok.error());
    const auto path = with_comment(place.environment() + operation + "?dry_run=" + (options.dry_run ? "true" : "false"),
                                   options.comment);
    const auto changed = change_at(place, place.environment(), [&](json::Value) -> Result<AdminCall> {
        return AdminCall{.method = net::Method::post, .path = path, .body = body};
    });
    if (!changed) return terminal.fail(changed.error());
    if (terminal.json) {
        terminal.print(changed->body);
        return Exit::ok;
    }
    json::Document document;
    if (auto parsed = read_answer(document, *changed); !parsed) return terminal.fail(parsed.error());
    std::vector<Finding> ignored;
    json::Reader r(document.root(), ignored);
    Rows rows{{"WHAT", "PLACE", "BEFORE", "AFTER"}};
    for (auto& item : r.array("changes")) add_difference_rows(item, rows);
    for (auto& item : r.array("skipped")) {
        const auto flag = item.string("flag", "");
        rows.push_back({!flag.empty() ? "flag " + flag : "segment " + item.string("segment", ""),
                        "stays: " + why_it_stays(item.string("code", ""))});
    }
    if (rows.size() > 1) terminal.print(table(rows));
    const auto version = r.string("version", "");
    terminal.print(rows.size() == 1 ? "nothing differs" : options.dry_run ? "nothing was changed" : done + version);
    return Exit::ok;
}

Exit run_promote(const PromotionOptions& options, const Terminal& terminal) {
    if (options.all != (options.flags.empty() && options.segments.empty()))
        return terminal.fail(Exit::usage, "give --flag and --segment, or --all");
    auto place = FlagPlace::open_project(options.org, options.project, options.to);
    if (!place) return terminal.fail(place.error());
    std::string body;
    json::Writer w(body);
    w.begin_object().member("from", options.from);
    if (!options.from_version.empty()) w.member("from_version", options.from_version);
    if (options.all) w.member("all", true);
    if (options.takes_along) w.member("take_along", true);
    write_names(w, "flags", options.flags);
    write_names(w, "segments", options.segments);
    write_names(w, "parts", options.parts);
    w.end_object();
    return change_environment(*place, options, terminal, "/promote", body,
                              options.to + " is as " + options.from + " in this, with version ");
}

Exit run_rollback(const PromotionOptions& options, const Terminal& terminal) {
    auto place = FlagPlace::open_project(options.org, options.project, options.env);
    if (!place) return terminal.fail(place.error());
    if (place->env().empty()) return terminal.fail(Exit::usage, "no environment given; use --env or FANION_ENV");
    std::string body;
    json::Writer w(body);
    w.begin_object().member("version", options.version);
    write_names(w, "flags", options.flags);
    write_names(w, "segments", options.segments);
    w.end_object();
    return change_environment(*place, options, terminal, "/rollback", body,
                              place->env() + " is as in version " + options.version + ", with version ");
}

std::vector<std::string> version_row(json::Reader& item) {
    auto changed = joined_names(item, "flags");
    for (const auto* member : {"segments", "keys"}) {
        const auto more = joined_names(item, member);
        if (!more.empty()) changed += (changed.empty() ? "" : " ") + more;
    }
    auto actor = item.optional_object("actor");
    const auto email = actor ? actor->string("email", "") : "";
    const auto by = !actor ? "fanion" : email.empty() ? actor->string("id", "") : email;
    return {item.string("version"),    item.string("at"),      by,
            item.string("action", ""), shortened(changed, 60), item.string("comment", "")};
}

Exit run_history(const PromotionOptions& options, const Terminal& terminal) {
    auto place = FlagPlace::open_project(options.org, options.project, options.env);
    if (!place) return terminal.fail(place.error());
    if (place->env().empty()) return terminal.fail(Exit::usage, "no environment given; use --env or FANION_ENV");
    auto path = place->environment() + "/versions?limit=" + std::to_string(options.limit);
    if (!options.flags.empty()) path += "&flag=" + percent_encode(options.flags.front());
    if (!options.segments.empty()) path += "&segment=" + percent_encode(options.segments.front());
    const auto page = place->client().call({.path = path});
    if (!page) return terminal.fail(page.error());
    const auto versions = elements_of(*page);
    if (!versions) return terminal.fail(versions.error());
    return print_list(terminal, *versions, {"VERSION", "AT", "BY", "ACTION", "CHANGED", "COMMENT"}, version_row);
}

void add_change_options(CLI::App& command, const PromotionOptionsPtr& options) {
    command.add_flag("--dry-run", options->dry_run, "change nothing; say what would change");
    command.add_flag("--yes", options->yes, "change a protected environment without being asked");
    add_comment_option(command, options->comment);
}

}  // namespace

void add_promotion_commands(CLI::App& app, Session& session) {
    auto options = std::make_shared<PromotionOptions>();
    auto* group = group_of(app, "environment", "environments of a project");
    const auto add = [&](const char* name, const char* help, Exit (*run)(const PromotionOptions&, const Terminal&),
                         const char* item_help) {
        auto* command = add_command(*group, session, options, name, help, run);
        command->add_option("--org", options->org, "organisation")->envname("FANION_ORG");
        command->add_option("--project", options->project, "project")->envname("FANION_PROJECT");
        command->add_option("--flag", options->flags, std::string("key of a flag; ") + item_help)
            ->allow_extra_args(false);
        command->add_option("--segment", options->segments, std::string("key of a segment; ") + item_help)
            ->allow_extra_args(false);
        return command;
    };
    auto* compare = add("compare", "list what differs between two environments", run_compare, "only this one");
    auto* promote =
        add("promote", "take configurations from one environment to another, as one change", run_promote, "repeatable");
    for (auto* command : {compare, promote}) {
        command->add_option("from", options->from, "environment")->required();
        command->add_option("to", options->to, "environment")->required();
    }
    promote->add_flag("--all", options->all, "everything that differs");
    promote->add_flag("--take-along", options->takes_along, "also what is needed there and lacks");
    promote
        ->add_option("--part", options->parts,
                     "of a flag, repeatable: enabled, targets, rules, fallthrough, prerequisites; default: all")
        ->allow_extra_args(false);
    promote->add_option("--from-version", options->from_version, "refuse if the source has another version by now");
    auto* rollback =
        add("rollback", "put --env back to a past version, as a new one", run_rollback, "repeatable; default: all");
    rollback->add_option("version", options->version, "as `fanion environment history` prints it")->required();
    auto* history = add("history", "list the versions of --env, newest first", run_history, "only its versions");
    history->add_option("--limit", options->limit, "1 to 200")->capture_default_str();
    for (auto* command : {rollback, history})
        command->add_option("--env", options->env, "environment")->envname("FANION_ENV");
    for (auto* command : {promote, rollback}) add_change_options(*command, options);
}

}  // namespace fanion::cli
