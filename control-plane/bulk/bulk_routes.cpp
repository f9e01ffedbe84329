#include "control-plane/bulk/bulk_routes.hpp"

#include <algorithm>
#include <map>
#include <memory>
#include <utility>

#include "control-plane/audit/audit_store.hpp"
#include "control-plane/bulk/bulk_item.hpp"
#include "control-plane/flags/flag_kind.hpp"
#include "control-plane/items/item_edit.hpp"
#include "control-plane/segments/segment_kind.hpp"

namespace fanion::cp::bulk {
namespace {

using boost::asio::awaitable;
using items::Environments;

template <class Kind>
struct Loaded {
    typename Kind::Row row;
    BulkItem<typename Kind::Definition, typename Kind::Config> state;
};
template <class Kind>
using LoadedItems = std::map<std::string, Loaded<Kind>>;  // by key

Error unknown_item(const BulkRequest& request, std::string_view kind, const std::string& key) {
    std::string pointer;
    for (const auto& change : request.changes) {
        if (change.kind != kind) continue;
        for (std::size_t i = 0; i < change.keys.size() && pointer.empty(); ++i)
            if (change.keys[i] == key) pointer = list_pointer(change) + '/' + std::to_string(i);
    }
    const auto detail = "there is no " + std::string(kind) + " `" + key + "` in this project";
    return {Errc::unprocessable, detail, {{"", std::move(pointer), "unknown_" + std::string(kind), detail}}};
}

// Those whose configuration of the item a request may change. Lists of segments are long: only what is named is loaded;
// an instruction for the definition may archive it everywhere.
template <class Kind>
Environments environments_of(const Kind& kind, const BulkRequest& request, const std::string& key,
                             const Environments& all) {
    if (kind.definition_travels) return all;
    Environments named;
    for (const auto& env : all) {
        const auto names = [&](const BulkChange& change) {
            const bool is_meant = change.environment == env.key || change.environment.empty();
            return change.kind == kind.name && is_meant &&
                   std::find(change.keys.begin(), change.keys.end(), key) != change.keys.end();
        };
        if (std::any_of(request.changes.begin(), request.changes.end(), names)) named.push_back(env);
    }
    return named;
}

template <class Kind>
awaitable<Result<LoadedItems<Kind>>> load_items(db::Transaction& tx, const Kind& kind, access::ProjectId project_id,
                                                const BulkRequest& request, const std::set<std::string>& keys,
                                                const Environments& environments) {
    LoadedItems<Kind> loaded;
    for (const auto& key : keys) {
        auto row = co_await kind.find(tx, project_id, key);
        if (!row || row->is_deleted) co_return unknown_item(request, kind.name, key);
        const auto wanted = environments_of(kind, request, key, environments);
        auto configs = co_await items::load_configs(tx, kind, *row, wanted);
        std::sort(configs.begin(), configs.end(),
                  [](const auto& a, const auto& b) { return a.environment < b.environment; });
        loaded.emplace(key, Loaded<Kind>{*row, {row->definition, row->definition, configs, configs, {}, {}}});
    }
    co_return loaded;
}

// Before anything is applied: what is wrong with instructions tells what the configuration is.
Result<> check_readable(const http::Call& call, const BulkRequest& request) {
    for (const auto& change : request.changes) {
        if (change.environment.empty() || call.may_read_in(change.environment)) continue;
        return unknown_environment(change);
    }
    return boost::system::in_place_value;
}

template <class Kind>
Result<> apply_all(const Kind& kind, const BulkRequest& request, LoadedItems<Kind>& items) {
    for (const auto& change : request.changes) {
        if (change.kind != kind.name) continue;
        for (const auto& key : change.keys)
            if (auto ok = apply_bulk(kind, change, items.at(key).state); !ok) return ok;
    }
    return boost::system::in_place_value;
}

bool is_protected(const Environments& environments, const std::string& key) {
    for (const auto& env : environments)
        if (env.key == key) return env.is_protected;
    return false;
}

Error unconfirmed(std::string_view kind, const std::string& key, const std::string& what) {
    const auto detail = "this changes a protected environment: name the version of " + what + " of " +
                        std::string(kind) + " `" + key + "` that you saw, in `versions`";
    return {Errc::precondition_required, detail, {{"", "/changes", "missing_version", detail}}};
}

// The rules of items::edit_config().
template <class Kind>
Result<> check_configs_allowed(const http::Call& call, const Kind& kind, const Loaded<Kind>& item,
                               const Environments& environments, bool reaches, bool is_confirmed) {
    const auto& state = item.state;
    for (std::size_t i = 0; i < state.configs.size(); ++i) {
        const auto& environment = state.configs[i].environment;
        if (!is_config_changed(state, i)) continue;
        const bool is_guarded = is_protected(environments, environment);
        const auto needed = http::permission_to_edit(call, is_guarded);
        if (auto ok = http::require_permission_in(call, environment, needed); !ok) return ok;
        // The definition's version stands for what a change of the definition did to the configuration.
        const bool is_named = state.configured.contains(environment);
        if (is_guarded && !is_confirmed && (is_named || !reaches) && !state.confirmed.contains(environment))
            return unconfirmed(kind.name, state.before.key, "the configuration in " + environment);
    }
    return boost::system::in_place_value;
}

// Those, and the rules of items::edit_definition().
template <class Kind>
Result<> check_allowed(const http::Call& call, const Kind& kind, const Loaded<Kind>& item,
                       const Environments& environments) {
    const auto& state = item.state;
    const bool travels = !same_for_evaluators(state.before, state.after);
    const bool reaches = travels && items::has_protected(environments);
    if (is_in_ruleset(state.before) != is_in_ruleset(state.after)) {
        if (auto ok = http::require_throughout(call, access::Permission::archive); !ok) return ok;
    }
    if (travels) {
        if (auto ok = items::require_edit_everywhere(call, environments); !ok) return ok;
    }
    // What is carried out for somebody stands for the version that it finds, as If-Match: * does.
    const bool is_confirmed = call.enclosure != nullptr;
    if (reaches && !is_confirmed && !state.confirmed.contains(""))
        return unconfirmed(kind.name, state.before.key, "the definition");
    return check_configs_allowed(call, kind, item, environments, reaches, is_confirmed);
}

// What is to be published, by the key of the environment.
using Items = std::map<std::string, std::vector<wire::ItemChange>>;

// Stores a changed item, with the versions of what changed.
template <class Kind>
awaitable<Result<>> store(http::Edit& edit, const Kind& kind, Loaded<Kind>& item, const Environments& environments,
                          Items& changes) {
    auto& state = item.state;
    const bool travels = !same_for_evaluators(state.before, state.after);
    if (state.after != state.before) {
        state.after.version += 1;
        state.after.updated_at = edit.call().now();
        item.row.definition = state.after;
        co_await kind.update(edit.tx(), item.row);
    }
    const bool is_published = is_in_ruleset(state.before) || is_in_ruleset(state.after);
    for (const auto& env : environments) {
        for (std::size_t i = 0; i < state.configs.size(); ++i) {
            auto& config = state.configs[i];
            if (config.environment != env.key || (!travels && !is_config_changed(state, i))) continue;
            config.version += 1;
            config.updated_at = edit.call().now();
            co_await kind.put_config(edit.tx(), item.row, env, config, edit.call().principal.actor_id());
            if (is_published) {
                changes[env.key].push_back(items::item_change(state.after, config));
                continue;
            }
            auto checked = co_await items::check_archived(edit, env, state.before, state.configs_before[i], state.after,
                                                          config, body::BodyKind::config);
            if (!checked) co_return checked;
        }
    }
    co_return boost::system::in_place_value;
}

awaitable<Result<>> publish_all(http::Edit& edit, const Environments& environments, Items changes) {
    for (const auto& env : environments) {
        auto found = changes.find(env.key);
        if (found == changes.end()) continue;
        auto published = co_await edit.publish_all(env, std::move(found->second));
        if (!published) co_return body::relocate_to_body(published.error(), "", body::BodyKind::definition, env.key);
    }
    co_return boost::system::in_place_value;
}

// One entry for each resource that changed.
template <class Kind>
void add_records(const Kind& kind, const std::string& project, const LoadedItems<Kind>& items,
                 std::vector<http::AuditRecord>& records) {
    for (const auto& [key, item] : items) {
        const auto& state = item.state;
        const auto resource = project + std::string(kind.name) + "s/" + key;
        if (state.after != state.before)
            records.push_back({kind.updated, resource, to_json(state.before), to_json(state.after)});
        for (std::size_t i = 0; i < state.configs.size(); ++i) {
            if (!is_config_changed(state, i)) continue;
            records.push_back({kind.configured, resource + "/environments/" + state.configs[i].environment,
                               to_json(key, state.configs_before[i]), to_json(key, state.configs[i])});
        }
    }
}

template <class Kind>
void write_changed(json::Writer& w, const Kind& kind, const http::Call& call, const LoadedItems<Kind>& items) {
    for (const auto& [key, item] : items) {
        if (!is_changed(item.state)) continue;
        w.begin_object().member(kind.name, key).member("version", item.state.after.version).key("environments");
        w.begin_object();
        for (const auto& config : item.state.configs)
            if (call.may_read_in(config.environment)) w.member(config.environment, config.version);
        w.end_object().end_object();
    }
}

template <class Kind>
void write_unchanged(json::Writer& w, std::string_view name, const LoadedItems<Kind>& items) {
    w.key(name).begin_array();
    for (const auto& [key, item] : items)
        if (!is_changed(item.state)) w.string(key);
    w.end_array();
}

// What a request is about.
struct BulkState {
    BulkRequest request;
    LoadedItems<flags::FlagKind> flags;
    LoadedItems<segments::SegmentKind> segments;
};

// Changes of flags do not depend on those of segments: their order between them has no meaning.
Result<> apply_to(BulkState& state) {
    if (auto ok = apply_all(flags::flag_kind, state.request, state.flags); !ok) return ok;
    return apply_all(segments::segment_kind, state.request, state.segments);
}

// The items of one request: loaded, changed, stored.
class BulkEdit {
public:
    BulkEdit(http::Edit& edit, BulkRequest request, const Environments& environments)
        : edit_(edit), environments_(environments), state_(std::make_shared<BulkState>()) {
        state_->request = std::move(request);
    }

    awaitable<Result<>> load(access::ProjectId project_id) {
        const auto& request = state_->request;
        auto flags =
            co_await load_items(edit_.tx(), flags::flag_kind, project_id, request, request.flags, environments_);
        if (!flags) co_return flags.error();
        auto segments = co_await load_items(edit_.tx(), segments::segment_kind, project_id, request, request.segments,
                                            environments_);
        if (!segments) co_return segments.error();
        state_->flags = std::move(*flags);
        state_->segments = std::move(*segments);
        co_return boost::system::in_place_value;
    }

    awaitable<Result<>> apply() {
        auto work = [state = state_] { return apply_to(*state); };
        auto applied = co_await edit_.call().services.blocking.compute(std::move(work));
        if (!applied) co_return items::hide_unreadable_uses(edit_.call(), environments_, applied.error());
        if (auto ok = check(flags::flag_kind, state_->flags); !ok) co_return ok;
        co_return check(segments::segment_kind, state_->segments);
    }

    awaitable<Result<>> publish() {
        Items changes;
        for (auto& [key, flag] : state_->flags) {
            auto stored = co_await store(edit_, flags::flag_kind, flag, environments_, changes);
            if (!stored) co_return stored;
        }
        for (auto& [key, segment] : state_->segments) {
            auto stored = co_await store(edit_, segments::segment_kind, segment, environments_, changes);
            if (!stored) co_return stored;
        }
        co_return co_await publish_all(edit_, environments_, std::move(changes));
    }

    http::EditOutcome outcome() {
        auto& call = edit_.call();
        edit_.set_preview(std::move(preview_));
        auto project = http::resource_of(call);
        project.erase(project.rfind("bulk"));
        std::vector<http::AuditRecord> records;
        add_records(flags::flag_kind, project, state_->flags, records);
        add_records(segments::segment_kind, project, state_->segments, records);
        auto group = records.empty() ? std::string() : audit::new_entry_id();
        auto text = body::object_text([&](json::Writer& w) {
            w.member("group", group).key("changed").begin_array();
            write_changed(w, flags::flag_kind, call, state_->flags);
            write_changed(w, segments::segment_kind, call, state_->segments);
            w.end_array();
            write_unchanged(w, "unchanged", state_->flags);
            write_unchanged(w, "unchanged_segments", state_->segments);
        });
        return edit_.changed_together(std::move(records), std::move(group), std::move(text));
    }

private:
    template <class Kind>
    Result<> check(const Kind& kind, const LoadedItems<Kind>& items) {
        for (const auto& [key, item] : items) {
            if (auto ok = check_allowed(edit_.call(), kind, item, environments_); !ok) return ok;
            if (!edit_.is_dry_run()) continue;
            const auto sentences = describe_bulk(kind, item.state);
            preview_.changes.insert(preview_.changes.end(), sentences.begin(), sentences.end());
        }
        return boost::system::in_place_value;
    }

    http::Edit& edit_;
    const Environments& environments_;
    std::shared_ptr<BulkState> state_;  // also of the work on the blocking pool, which may outlive the request
    http::Preview preview_;
};

http::EditResult change_in_bulk(http::Edit& edit, BulkRequest request) {
    auto& call = edit.call();
    auto comment = http::read_comment(call, edit.body());
    if (!comment) co_return comment.error();
    edit.set_comment(std::move(*comment));
    auto project = co_await projects::lock_project(call, edit.tx());
    if (!project) co_return project.error();
    const auto environments = co_await projects::lock_environments(edit.tx(), project->project_id);
    if (auto ok = check_readable(call, request); !ok) co_return ok.error();
    BulkEdit bulk(edit, std::move(request), environments);
    auto loaded = co_await bulk.load(project->project_id);
    if (!loaded) co_return loaded.error();
    // Findings inside items say which item; the body has no place for them.
    edit.set_places(body::Places::none());
    auto applied = co_await bulk.apply();
    if (!applied) co_return applied.error();
    auto published = co_await bulk.publish();
    if (!published) co_return published.error();
    co_return bulk.outcome();
}

http::Answer handle_bulk(http::Call& call) { return http::edit_resource(call, read_bulk, change_in_bulk); }

using access::Permission;
using net::Method;

constexpr http::Route bulk_table[] = {
    {Method::post, "/api/v1/orgs/{org}/projects/{project}/bulk", Permission::edit, handle_bulk, "dry_run stage"},
};

}  // namespace

std::span<const http::Route> bulk_routes() noexcept { return bulk_table; }

}  // namespace fanion::cp::bulk
