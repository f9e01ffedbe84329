#include "control-plane/relays/report_routes.hpp"

#include <algorithm>

#include "common/base/text.hpp"
#include "control-plane/http/call.hpp"
#include "control-plane/http/lists.hpp"
#include "control-plane/relays/propagation.hpp"
#include "control-plane/relays/relay_status_store.hpp"

namespace fanion::cp::relays {
namespace {

using boost::asio::awaitable;

void write_report(json::Writer& w, const EnvironmentReport& report, UnixMillis now) {
    const auto& relay = report.progress;
    const RelayReport summary{relay.version >= report.published, relay.state, relay.reported_at, report.is_held_back};
    w.begin_object().member("relay", relay.relay_id).member("build", report.build);
    w.key("path").begin_array();
    for (const auto& above : relay.path) w.string(above);
    w.end_array().key("labels").begin_array();
    for (const auto& label : relay.labels) w.string(label);
    w.end_array();
    w.member("project", report.project).member("environment", report.environment);
    w.member("standing", name_of(propagation_state_of(summary, now)));
    if (report.is_canary) w.member("canary", bool{*report.is_canary});
    w.member("version", wire::to_string(relay.version)).member("published", wire::to_string(report.published));
    w.member("state", wire::name_of(relay.state)).member("code", relay.code).member("detail", relay.detail);
    w.member("reported_at", format_rfc3339(relay.reported_at)).end_object();
}

// Environments' ids have no spaces.
std::string position_of(const EnvironmentReport& report) {
    return report.env_id.str() + ' ' + report.progress.relay_id;
}

// At least one more than a page of those that the caller may read, if there are so many. Who may read few of them does not
// wait for a statement per page.
awaitable<std::vector<EnvironmentReport>> readable_reports(http::Call& call, db::Transaction& tx, ReportPage wanted) {
    constexpr std::size_t read_further = 1'000;
    const auto enough = wanted.limit;
    std::vector<EnvironmentReport> readable;
    for (;;) {
        auto reports = co_await list_relay_reports(tx, call.org.org_id, wanted);
        const bool is_end = reports.size() < wanted.limit;
        if (!is_end) {
            wanted.after_env = reports.back().env_id.str();
            wanted.after_relay = reports.back().progress.relay_id;
        }
        for (auto& report : reports) {
            const auto permissions = call.permissions_at(report.project, report.environment);
            if (permissions.has(access::Permission::read)) readable.push_back(std::move(report));
        }
        if (is_end || readable.size() >= enough) co_return readable;
        wanted.limit = read_further;
    }
}

http::Answer handle_list_relays(http::Call& call) {
    const auto page = http::read_page(call);
    if (!page) co_return page.error();
    ReportPage wanted;
    wanted.limit = page->limit + 1;
    const auto space = page->after.find(' ');
    if (space != std::string::npos) {
        wanted.after_env = page->after.substr(0, space);
        wanted.after_relay = page->after.substr(space + 1);
    }
    auto tx = co_await call.services.pool.begin(call.scope(), db::Mode::snapshot);
    auto reports = co_await readable_reports(call, tx, std::move(wanted));
    const auto next = http::end_page(reports, *page, position_of);
    const auto write_items = [&](json::Writer& w) {
        for (const auto& report : reports) write_report(w, report, call.now());
    };
    co_return net::json_response(http::page_text(write_items, next));
}

using access::Permission;
using net::Method;

constexpr http::Route report_table[] = {
    {Method::get, "/api/v1/orgs/{org}/relays", Permission::member, handle_list_relays, "limit cursor"},
};

}  // namespace

std::span<const http::Route> report_routes() noexcept { return report_table; }

}  // namespace fanion::cp::relays
