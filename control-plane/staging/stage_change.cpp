#include "control-plane/staging/stage_change.hpp"

#include <utility>

#include "common/base/text.hpp"
#include "common/json/tree.hpp"
#include "common/json/writer.hpp"
#include "control-plane/body/json_text.hpp"
#include "control-plane/body/merge_patch.hpp"
#include "control-plane/flags/flag_kind.hpp"
#include "control-plane/items/item_edit.hpp"
#include "control-plane/promotion/configuration.hpp"
#include "control-plane/publish/history_store.hpp"
#include "control-plane/publish/published_store.hpp"
#include "control-plane/segments/segment_kind.hpp"

namespace fanion::cp::staging {
namespace {

using boost::asio::awaitable;

publish::StageEnd end_of(publish::StageState state, Cause cause) {
    publish::StageEnd end;
    end.state = state;
    end.reason = name_of(cause.reason);
    end.detail = std::move(cause.detail);
    end.actor_kind = access::name_of(cause.actor_kind);
    end.actor_id = std::move(cause.actor_id);
    return end;
}

// Versions count on where a configuration is put back.
bool is_same_but_version(const std::string& a, const std::string& b) {
    auto first = json::Tree::parse(a, body::composed_limits());
    auto second = json::Tree::parse(b, body::composed_limits());
    if (!first || !second) return false;
    first->set("version", json::Tree());
    second->set("version", json::Tree());
    return first->to_text() == second->to_text();
}

// The configurations of what differs between the held and the released content.
class Restoration {
public:
    Restoration(db::Transaction& tx, const projects::LockedEnvironment& env, const Cause& cause)
        : tx_(tx), env_(env), cause_(cause) {}

    // `body`: of the released content; null: the item is not in it.
    awaitable<void> restore(std::string key, std::shared_ptr<const std::string> body) {
        const auto slash = key.find('/');
        const auto kind = key.substr(0, slash);
        auto name = key.substr(slash + 1);
        bool is_put_back = false;
        if (kind == "flag") is_put_back = co_await put_back(flags::flag_kind, std::move(name), body, flags_);
        if (kind == "segment")
            is_put_back = co_await put_back(segments::segment_kind, std::move(name), body, segments_);
        if (!is_put_back) kept_.push_back(std::move(key));
    }

    std::vector<std::string> take_kept() { return std::move(kept_); }
    std::string states(bool after) const {
        return body::object_text([&](json::Writer& w) {
            for (const auto& [name, states] : {std::pair("flags", &flags_), std::pair("segments", &segments_)}) {
                w.key(name).begin_object();
                for (const auto& state : *states) w.key(state.key).raw(after ? state.after : state.before);
                w.end_object();
            }
        });
    }

private:
    struct State {
        std::string key;
        std::string before;  // JSON
        std::string after;
    };

    // False: the rows say something else than what is published from now on.
    template <class Kind>
    awaitable<bool> put_back(const Kind& kind, std::string key, std::shared_ptr<const std::string> body,
                             std::vector<State>& states) {
        const auto row = co_await kind.find(tx_, env_.project_id, key);
        const bool is_there = row && !row->is_deleted && is_in_ruleset(row->definition);
        if (!is_there || !body) co_return !is_there && !body;
        const auto present = co_await kind.find_config(tx_, *row, env_.env_id);
        if (!present) co_return false;
        auto after = promotion::restored(*present, *body);
        if (promotion::content_json(*present) != promotion::content_json(after)) {
            after.version = present->version + 1;
            after.updated_at = cause_.at;
            states.push_back({key, to_json(key, *present), to_json(key, after)});
            co_await kind.put_config(tx_, *row, env_, after, cause_.actor_id);
        }
        const auto item = items::item_change(row->definition, after);
        if (!item.body) co_return false;
        co_return is_same_but_version(*item.body, *body);
    }

    db::Transaction& tx_;
    const projects::LockedEnvironment& env_;
    const Cause& cause_;
    std::vector<State> flags_;
    std::vector<State> segments_;
    std::vector<std::string> kept_;
};

Error not_held() { return http::conflict("/version", "not_held", "this version is not held any more"); }

}  // namespace

std::string stage_text(const publish::Stage& stage) {
    return body::object_text([&](json::Writer& w) {
        w.member("version", wire::to_string(stage.version)).member("state", publish::name_of(stage.state));
        w.member("released", wire::to_string(stage.base)).member("label", stage.settings.label);
        w.member("begun_at", format_rfc3339(stage.begun_at));
    });
}

awaitable<bool> release(db::Transaction& tx, const projects::LockedEnvironment& env, const publish::Stage& stage,
                        Cause cause) {
    auto end = end_of(publish::StageState::released, std::move(cause));
    co_return co_await publish::end_stage(tx, env.env_id, stage.version, std::move(end));
}

awaitable<Result<Withdrawn>> withdraw(db::Transaction& tx, publish::RulesetPublisher& publisher,
                                      const projects::LockedEnvironment& env, const publish::Stage& stage,
                                      Cause cause) {
    if (env.version != stage.version || !env.released) co_return not_held();
    const auto released = co_await publish::read_items_at(tx, env.env_id, *env.released);
    const auto held = co_await publish::read_items(tx, env.env_id);
    Withdrawn made;
    if (released) {
        Restoration restoration(tx, env, cause);
        const auto changes = publish::changes_between(held, *released, "environment");
        for (const auto& change : changes) {
            if (change.key.starts_with("flag/") || change.key.starts_with("segment/"))
                co_await restoration.restore(change.key, change.body);
        }
        made.kept = restoration.take_kept();
        made.before = restoration.states(false);
        made.after = restoration.states(true);
    }
    auto published = co_await publisher.withdraw(tx, env);
    if (!published) co_return published.error();
    made.publication = std::move(*published);
    auto end = end_of(publish::StageState::withdrawn, std::move(cause));
    end.next = made.publication.version();
    end.kept = made.kept;
    const bool was_held = co_await publish::end_stage(tx, env.env_id, stage.version, std::move(end));
    if (!was_held) co_return not_held();
    co_return made;
}

}  // namespace fanion::cp::staging
