#include "control-plane/projects/environment_content.hpp"

#include <algorithm>
#include <iterator>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <utility>

#include "control-plane/flags/flag_kind.hpp"
#include "control-plane/items/copy_store.hpp"
#include "control-plane/publish/published_store.hpp"
#include "control-plane/segments/segment_kind.hpp"

namespace fanion::cp::projects {
namespace {

using boost::asio::awaitable;

constexpr std::size_t rows_at_once = 200;
constexpr int most_rounds = 20;  // of configurations that do not fit

using Changes = std::vector<wire::ItemChange>;

// The entries of configurations that were reset, by item.
using Records = std::map<std::string, http::AuditRecord>;

// How the configurations of an environment are made.
struct Filling {
    const LockedEnvironment& env;
    Records& records;
    bool is_new = false;                 // it has none yet; a restored one keeps those that it has
    const wire::ItemSet& published;      // when it was deleted
    const std::set<std::string>& reset;  // items that do not keep theirs
};

std::string resource_of_config(const Environment& env, std::string_view kind, const std::string& key) {
    return "projects/" + env.project_key + '/' + std::string(kind) + "s/" + key + "/environments/" + env.key;
}

// A configuration's version is that of the item: it rises with whatever reaches evaluators.
template <class Kind>
bool is_outdated(const Filling& filling, const typename Kind::Row& row, const typename Kind::Config& config) {
    const auto& items = filling.published.items();
    const auto held = items.find(item_key(row.definition));
    return held != items.end() && held->second.body && *held->second.body != item_body(row.definition, config);
}

template <class Kind>
awaitable<typename Kind::Config> put_config(http::Edit& edit, const Kind& kind, const Filling& filling,
                                            const typename Kind::Row& row) {
    auto config = default_config(row.definition, filling.env.key, edit.call().now());
    std::optional<typename Kind::Config> present;
    if (!filling.is_new) present = co_await kind.find_config(edit.tx(), row, filling.env.env_id);
    if (present) {
        const auto item = item_key(row.definition);
        const bool is_reset = filling.reset.contains(item);
        if (!is_reset && !is_outdated<Kind>(filling, row, *present)) co_return std::move(*present);
        config.version = present->version + 1;
        if (is_reset) {
            filling.records[item] = {kind.configured, resource_of_config(filling.env, kind.name, row.definition.key),
                                     to_json(row.definition.key, *present), std::nullopt};
        } else {
            present->version = config.version;
            config = std::move(*present);
        }
        const auto record = filling.records.find(item);
        if (record != filling.records.end()) record->second.after = to_json(row.definition.key, config);
    }
    co_await kind.put_config(edit.tx(), row, filling.env, config, edit.call().principal.actor_id());
    co_return config;
}

// Adds the items of all flags, or segments, page by page.
template <class Kind>
awaitable<void> put_configs(http::Edit& edit, const Kind& kind, const Filling& filling, Changes& changes) {
    items::ItemPage page;
    page.limit = rows_at_once;
    for (bool has_more = true; has_more;) {
        auto found = co_await kind.list(edit.tx(), filling.env.project_id, page);
        for (const auto& row : found.rows) {
            const auto config = co_await put_config(edit, kind, filling, row);
            if (!is_in_ruleset(row.definition)) continue;
            changes.push_back(http::put_item(item_key(row.definition), item_body(row.definition, config)));
        }
        has_more = found.has_more;
        if (has_more) page.after = found.rows.back().definition.key;
    }
}

awaitable<Changes> put_all_configs(http::Edit& edit, const Filling& filling) {
    Changes changes;
    co_await put_configs(edit, flags::flag_kind, filling, changes);
    co_await put_configs(edit, segments::segment_kind, filling, changes);
    co_return changes;
}

bool is_flag_or_segment(std::string_view item) { return item.starts_with("flag/") || item.starts_with("segment/"); }

// Removes what is published and no longer among `changes`.
void remove_others(const wire::ItemSet& published, Changes& changes) {
    std::set<std::string, std::less<>> present;
    for (const auto& change : changes) present.insert(change.key);
    for (const auto& [key, item] : published.items()) {
        if (is_flag_or_segment(key) && !present.contains(key)) changes.push_back(http::remove_item(std::string(key)));
    }
}

// The items that an attempt to publish complains about.
std::set<std::string> faulty_items(const Error& error) {
    std::set<std::string> items;
    for (const auto& finding : error.findings) {
        if (is_flag_or_segment(finding.item)) items.insert(finding.item);
    }
    return items;
}

Refilled refilled(Records records) {
    Refilled made;
    for (auto& [item, record] : records) {
        made.warnings.push_back(
            {item, "", "configuration_reset",
             "the configuration no longer fits what has changed since: it is as in a new environment"});
        made.records.push_back(std::move(record));
    }
    return made;
}

}  // namespace

awaitable<Result<>> fill_environment(http::Edit& edit, const LockedEnvironment& env) {
    const std::set<std::string> none;
    const wire::ItemSet nothing;
    Records records;
    const Filling filling{env, records, true, nothing, none};
    auto changes = co_await put_all_configs(edit, filling);
    co_return co_await edit.publish_all(env, std::move(changes));
}

awaitable<Result<>> copy_environment(http::Edit& edit, const LockedEnvironment& from, const LockedEnvironment& env) {
    auto& call = edit.call();
    co_await items::copy_configurations(edit.tx(), from.env_id, env.env_id, call.principal.actor_id(), call.now());
    const auto published = co_await publish::read_items(edit.tx(), from.env_id);
    Changes changes;
    for (const auto& [key, item] : published.items()) {
        if (is_flag_or_segment(key)) changes.push_back({std::string(key), item.body});
    }
    co_return co_await edit.publish_all(env, std::move(changes));
}

awaitable<Result<Refilled>> refill_environment(http::Edit& edit, const LockedEnvironment& env) {
    const auto published = co_await publish::read_items(edit.tx(), env.env_id);
    Records records;
    std::set<std::string> faulty;
    for (int round = 0; round < most_rounds; ++round) {
        const Filling filling{env, records, false, published, faulty};
        auto changes = co_await put_all_configs(edit, filling);
        remove_others(published, changes);
        auto done = co_await edit.publish_all(env, std::move(changes));
        if (done) co_return refilled(std::move(records));
        faulty = faulty_items(done.error());
        std::erase_if(faulty, [&](const std::string& item) { return records.contains(item); });
        if (faulty.empty()) co_return done.error();
    }
    co_return Error{Errc::unprocessable, "the environment's configurations no longer fit together", {}};
}

}  // namespace fanion::cp::projects
