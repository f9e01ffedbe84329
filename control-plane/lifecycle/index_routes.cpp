#include "control-plane/lifecycle/index_routes.hpp"

#include <map>
#include <utility>

#include "common/base/compression.hpp"
#include "common/base/text.hpp"
#include "common/model/json.hpp"
#include "common/net/conditional.hpp"
#include "common/net/content_coding.hpp"
#include "control-plane/body/json_text.hpp"
#include "control-plane/lifecycle/finding_json.hpp"
#include "control-plane/lifecycle/life_store.hpp"
#include "control-plane/lifecycle/pending_store.hpp"
#include "control-plane/lifecycle/settings_store.hpp"
#include "control-plane/lifecycle/snooze_store.hpp"
#include "control-plane/projects/path_lookup.hpp"

namespace fanion::cp::lifecycle {
namespace {

using boost::asio::awaitable;

constexpr std::size_t most_indexed = 10'000;
constexpr std::size_t smallest_packed = 1'024;

// Everything that an index is made of: one statement for each table.
struct IndexRows {
    std::vector<projects::Environment> environments;
    std::vector<ListedFlag> listed;
    std::vector<ListedConfig> configs;
    std::vector<PendingChanges> pending;
    std::vector<events::Answer> answers;
    std::vector<SnoozedFlag> snoozes;
    Settings settings;
    bool has_more = false;
};

awaitable<IndexRows> load_index(db::Transaction& tx, access::ProjectId project_id,
                                std::vector<projects::Environment> environments, UnixMillis now) {
    IndexRows rows;
    rows.environments = std::move(environments);
    rows.listed = co_await list_live_flags(tx, project_id, "", std::nullopt, most_indexed + 1);
    rows.has_more = http::truncate_to_page(rows.listed, most_indexed);
    rows.configs = co_await list_live_configs(tx, project_id, ids_of(rows.environments));
    rows.pending = co_await list_pending_changes(tx, ids_of(rows.environments));
    const events::KeyRange all;
    rows.answers = co_await events::list_answers(tx, ids_of(rows.environments), all);
    rows.snoozes = co_await list_snoozes(tx, project_id, all, now);
    const auto stored = co_await find_lifecycle_settings(tx, project_id);
    rows.settings = stored.settings;
    co_return rows;
}

void write_indexed(json::Writer& w, const ListedFlag& flag, const Verdict& verdict) {
    w.member("key", flag.key).member("name", flag.name).member("type", model::name_of(flag.type));
    w.key("tags").begin_array();
    for (const auto& tag : flag.tags) w.string(tag);
    w.end_array().member("owner", flag.owner);
    flags::write_lifetime(w, flag.lifetime);
    w.member("version", flag.version).member("updated_at", format_rfc3339(flag.updated_at));
    w.key("stale").begin_array();
    for (const auto& finding : verdict.overall) w.string(name_of(finding.reason));
    w.end_array();
}

using Pending = std::map<std::pair<access::EnvironmentId, std::string>, PendingChanges>;  // by environment and flag

Pending pending_of(const IndexRows& rows) {
    Pending pending;
    for (const auto& changes : rows.pending) pending.emplace(std::pair(changes.env_id, changes.flag), changes);
    return pending;
}

void write_pending(json::Writer& w, const Pending& pending, const ListedConfig& config) {
    const auto found = pending.find({config.env_id, config.flag});
    const auto changes = found == pending.end() ? PendingChanges() : found->second;
    w.member("requests", changes.requests).member("schedules", changes.schedules);
    w.member("rollouts", changes.rollouts);
}

void write_indexed_config(json::Writer& w, const ListedConfig& config, const Pending& pending,
                          const std::optional<LifeFinding>& finding) {
    w.begin_object().member("enabled", config.is_enabled).member("percent", config.share);
    w.member("version", config.version).member("updated_at", format_rfc3339(config.updated_at));
    write_pending(w, pending, config);
    w.key("stale");
    if (finding) {
        w.string(name_of(finding->reason));
    } else {
        w.null();
    }
    w.end_object();
}

// Flags and configurations are in the same order.
std::string index_text(const IndexRows& rows, UnixMillis now) {
    const auto lives = lives_of(rows.listed, rows.environments, rows.answers);
    const auto pending = pending_of(rows);
    auto next = rows.configs.begin();
    return body::object_text([&](json::Writer& w) {
        w.key("flags").begin_array();
        for (std::size_t i = 0; i < rows.listed.size(); ++i) {
            const auto& flag = rows.listed[i];
            auto verdict = judge(lives[i], rows.settings, now);
            if (snooze_in_force(rows.snoozes, flag.key, verdict, now)) verdict = without_findings(verdict);
            w.begin_object();
            write_indexed(w, flag, verdict);
            w.key("environments").begin_object();
            while (next != rows.configs.end() && next->flag < flag.key) ++next;
            for (; next != rows.configs.end() && next->flag == flag.key; ++next) {
                for (std::size_t e = 0; e < rows.environments.size(); ++e) {
                    if (rows.environments[e].env_id != next->env_id) continue;
                    w.key(rows.environments[e].key);
                    write_indexed_config(w, *next, pending, verdict.environments[e]);
                }
            }
            w.end_object().end_object();
        }
        w.end_array().member("has_more", rows.has_more);
    });
}

http::Answer handle_get_index(http::Call& call) {
    IndexRows rows;
    {
        auto tx = co_await call.services.pool.begin(call.scope(), db::Mode::snapshot);
        auto project = co_await projects::load_project(call, tx);
        if (!project) co_return project.error();
        auto environments = co_await projects::list_readable_environments(call, tx, project->project_id);
        rows = co_await load_index(tx, project->project_id, std::move(environments), call.now());
    }
    const auto wanted = net::choose_encoding(call.request.header("Accept-Encoding"));
    struct Made {
        std::string text;
        std::string tag;
        Encoding encoding = Encoding::identity;
    };
    const auto make = [&rows, wanted, now = call.now(), request = &call.request] {
        Made made;
        made.text = index_text(rows, now);
        made.tag = http::content_etag(made.text);
        if (const auto held = net::current_coding(*request, made.tag)) {
            made.tag = net::tag_in(*held, made.tag);
            return made;
        }
        if (made.text.size() < smallest_packed) return made;
        made.encoding = wanted;
        made.tag = net::tag_in(wanted, made.tag);
        if (wanted != Encoding::identity) made.text = compress(wanted, made.text);
        return made;
    };
    auto made = co_await call.services.blocking.compute(make);
    auto response = http::resource_response(call, std::move(made.text), std::move(made.tag));
    response.set("Vary", "Accept-Encoding");
    if (made.encoding != Encoding::identity) response.set("Content-Encoding", std::string(name_of(made.encoding)));
    co_return response;
}

using access::Permission;
using net::Method;

constexpr http::Route index_table[] = {
    {Method::get, "/api/v1/orgs/{org}/projects/{project}/flag-index", Permission::read, handle_get_index},
};

}  // namespace

std::span<const http::Route> index_routes() noexcept { return index_table; }

}  // namespace fanion::cp::lifecycle
