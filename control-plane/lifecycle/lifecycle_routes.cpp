#include "control-plane/lifecycle/lifecycle_routes.hpp"

#include <algorithm>

#include "common/base/text.hpp"
#include "control-plane/http/lists.hpp"
#include "control-plane/lifecycle/finding_json.hpp"
#include "control-plane/lifecycle/life_store.hpp"
#include "control-plane/lifecycle/settings_store.hpp"
#include "control-plane/lifecycle/snooze_store.hpp"
#include "control-plane/projects/path_lookup.hpp"

namespace fanion::cp::lifecycle {
namespace {

using boost::asio::awaitable;

constexpr std::size_t flags_at_once = 2'000;  // most of which may have no findings

enum class Snoozed { left_out, shown, only };

struct ReportQuery {
    http::Page page;
    std::string environment;  // key: what is found there counts; empty: what is found as a whole
    std::optional<Reason> reason;
    std::optional<std::string> owner;
    Snoozed snoozed = Snoozed::left_out;
};

Error bad_value(const std::string& parameter, const std::string& detail) {
    return {Errc::invalid_input, detail, {{"", "?" + parameter, "bad_value", detail}}};
}

Result<ReportQuery> read_report_query(http::Call& call) {
    ReportQuery asked;
    const auto page = http::read_page(call);
    if (!page) return page.error();
    asked.page = *page;
    asked.environment = call.request.query("environment").value_or("");
    asked.owner = call.request.query("owner");
    if (const auto name = call.request.query("reason")) {
        asked.reason = parse_reason(*name);
        if (!asked.reason) return bad_value("reason", "`reason` is unused, constant or expired");
    }
    const auto snoozed = call.request.query("snoozed").value_or("false");
    if (snoozed == "true") asked.snoozed = Snoozed::shown;
    if (snoozed == "only") asked.snoozed = Snoozed::only;
    if (asked.snoozed == Snoozed::left_out && snoozed != "false")
        return bad_value("snoozed", "`snoozed` is false, true or only");
    return asked;
}

struct ReportedFlag {
    ListedFlag flag;
    FlagLife life;
    Verdict verdict;
    std::optional<Snooze> snooze;  // that is in force
};

bool is_wanted(const ReportQuery& asked, const ReportedFlag& reported) {
    const auto matches = [&](const LifeFinding& found) { return !asked.reason || found.reason == *asked.reason; };
    if (asked.snoozed == Snoozed::left_out && reported.snooze) return false;
    if (asked.snoozed == Snoozed::only && !reported.snooze) return false;
    const auto& verdict = reported.verdict;
    if (asked.environment.empty()) {
        const bool is_any_snoozed = asked.snoozed == Snoozed::only && !asked.reason;
        return is_any_snoozed || std::any_of(verdict.overall.begin(), verdict.overall.end(), matches);
    }
    for (std::size_t i = 0; i < verdict.environments.size(); ++i)
        if (reported.life.environments[i].environment == asked.environment && verdict.environments[i])
            return matches(*verdict.environments[i]);
    return false;
}

// Up to one more than the page has.
awaitable<std::vector<ReportedFlag>> find_reported(db::Transaction& tx, const projects::Project& project,
                                                   const std::vector<projects::Environment>& environments,
                                                   const ReportQuery& asked, UnixMillis now) {
    const auto stored = co_await find_lifecycle_settings(tx, project.project_id);
    std::vector<ReportedFlag> reported;
    auto after = asked.page.after;
    for (bool has_more = true; has_more && reported.size() <= asked.page.limit;) {
        auto listed = co_await list_live_flags(tx, project.project_id, after, asked.owner, flags_at_once);
        has_more = listed.size() == flags_at_once;
        if (has_more) after = listed.back().key;
        if (listed.empty()) break;
        const events::KeyRange range{listed.front().key, listed.back().key};
        const auto answers = co_await events::list_answers(tx, ids_of(environments), range);
        const auto snoozes = co_await list_snoozes(tx, project.project_id, range, now);
        auto lives = lives_of(listed, environments, answers);
        for (std::size_t i = 0; i < listed.size() && reported.size() <= asked.page.limit; ++i) {
            auto verdict = judge(lives[i], stored.settings, now);
            const auto* snooze = snooze_in_force(snoozes, listed[i].key, verdict, now);
            ReportedFlag found{std::move(listed[i]), std::move(lives[i]), std::move(verdict), std::nullopt};
            if (snooze) found.snooze = *snooze;
            if (is_wanted(asked, found)) reported.push_back(std::move(found));
        }
    }
    co_return reported;
}

void write_reported(json::Writer& w, const ReportedFlag& reported) {
    const auto& flag = reported.flag;
    w.begin_object().member("flag", flag.key).member("name", flag.name).member("owner", flag.owner);
    flags::write_lifetime(w, flag.lifetime);
    w.member("created_at", format_rfc3339(flag.created_at)).key("findings").begin_array();
    for (const auto& finding : reported.verdict.overall) write_finding(w, finding);
    w.end_array().key("snoozed");
    if (reported.snooze) {
        write_snooze(w, *reported.snooze);
    } else {
        w.null();
    }
    w.key("environments").begin_object();
    for (std::size_t i = 0; i < reported.life.environments.size(); ++i) {
        const auto& environment = reported.life.environments[i];
        const auto& finding = reported.verdict.environments[i];
        w.key(environment.environment).begin_object();
        write_time(w, "evaluated_at", evaluated_at(environment));
        w.key("finding");
        if (finding) {
            write_finding(w, *finding);
        } else {
            w.null();
        }
        w.end_object();
    }
    w.end_object().end_object();
}

http::Answer handle_get_lifecycle(http::Call& call) {
    const auto asked = read_report_query(call);
    if (!asked) co_return asked.error();
    auto tx = co_await call.services.pool.begin(call.scope(), db::Mode::snapshot);
    auto project = co_await projects::load_project(call, tx);
    if (!project) co_return project.error();
    const auto environments = co_await projects::list_readable_environments(call, tx, project->project_id);
    const auto is_asked = [&](const projects::Environment& env) { return env.key == asked->environment; };
    const bool is_known = std::any_of(environments.begin(), environments.end(), is_asked);
    if (!asked->environment.empty() && !is_known) co_return http::not_found("environment", "?environment");
    auto reported = co_await find_reported(tx, *project, environments, *asked, call.now());
    const auto next = http::end_page(reported, asked->page, [](const ReportedFlag& found) { return found.flag.key; });
    co_return net::json_response(http::list_text(write_reported, reported, next));
}

using access::Permission;
using net::Method;

constexpr http::Route lifecycle_table[] = {
    {Method::get, "/api/v1/orgs/{org}/projects/{project}/lifecycle", Permission::read, handle_get_lifecycle,
     "limit cursor environment reason owner snoozed"},
};

}  // namespace

std::span<const http::Route> lifecycle_routes() noexcept { return lifecycle_table; }

}  // namespace fanion::cp::lifecycle
