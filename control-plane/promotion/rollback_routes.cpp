#include "control-plane/promotion/rollback_routes.hpp"

#include <algorithm>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "control-plane/flags/flag_kind.hpp"
#include "control-plane/promotion/environment_change.hpp"
#include "control-plane/promotion/selection.hpp"
#include "control-plane/publish/published_store.hpp"
#include "control-plane/publish/version_choice.hpp"
#include "control-plane/segments/segment_kind.hpp"

namespace fanion::cp::promotion {
namespace {

using boost::asio::awaitable;

// What stays as it is, and why.
struct Skipped {
    std::string item;
    std::string_view code;
};

class Rollback {
public:
    Rollback(http::Edit& edit, const projects::LockedEnvironment& env, wire::ItemSet past)
        : edit_(edit), env_(env), past_(std::move(past)), change_(edit, env) {}

    EnvironmentChange& change() noexcept { return change_; }
    const std::vector<Skipped>& skipped() const noexcept { return skipped_; }

    // Those that are named. What cannot be put back is an error.
    template <class Kind>
    awaitable<Result<>> restore_named(const Kind& kind, std::vector<std::string> keys) {
        std::vector<Finding> findings;
        for (std::size_t i = 0; i < keys.size(); ++i) {
            const auto refusal = co_await restore(kind, keys[i]);
            if (refusal.empty()) continue;
            const auto pointer = "/" + std::string(kind.name) + "s/" + std::to_string(i);
            findings.push_back({"", pointer, std::string(refusal), describe(kind.name, keys[i], refusal)});
        }
        if (findings.empty()) co_return boost::system::in_place_value;
        co_return Error{Errc::unprocessable, "not everything that is named can be put back", std::move(findings)};
    }

    // Everything in which the version and the present ruleset differ.
    awaitable<Result<>> restore_all(const wire::ItemSet& present) {
        auto flags = different_keys(flags::flag_kind.name, present);
        auto segments = different_keys(segments::segment_kind.name, present);
        if (flags.size() + segments.size() > most_items) co_return too_many("roll back");
        present_ = &present;
        co_await restore_each(flags::flag_kind, std::move(flags));
        co_await restore_each(segments::segment_kind, std::move(segments));
        co_return boost::system::in_place_value;
    }

private:
    std::set<std::string> different_keys(std::string_view kind, const wire::ItemSet& present) const {
        const auto prefix = std::string(kind) + '/';
        std::set<std::string> keys;
        for (const auto* items : {&past_, &present}) {
            for (const auto& [key, item] : items->items()) {
                if (key.starts_with(prefix) && !is_same(present, key)) keys.insert(key.substr(prefix.size()));
            }
        }
        return keys;
    }

    template <class Kind>
    awaitable<void> restore_each(const Kind& kind, std::set<std::string> keys) {
        for (const auto& key : keys) {
            const auto refusal = co_await restore(kind, key);
            if (!refusal.empty()) skipped_.push_back({std::string(kind.name) + '/' + key, refusal});
        }
    }

    bool is_same(const wire::ItemSet& present, const std::string& key) const {
        const auto then = past_.items().find(key);
        const auto now = present.items().find(key);
        return then != past_.items().end() && now != present.items().end() && then->second.hash == now->second.hash;
    }

    // The code of what prevents it; empty: done.
    template <class Kind>
    awaitable<std::string_view> restore(const Kind& kind, std::string key) {
        const auto row = co_await kind.find(edit_.tx(), env_.project_id, key);
        if (!row) co_return "unknown";
        if (row->is_deleted) co_return "deleted";
        if (!is_in_ruleset(row->definition)) co_return "archived";
        const auto item = past_.items().find(std::string(kind.name) + '/' + key);
        if (item == past_.items().end()) co_return "not_in_version";
        const auto present = co_await kind.find_config(edit_.tx(), *row, env_.env_id);
        if (!present) co_return "unknown";
        auto after = restored(*present, *item->second.body);
        if (const auto missing = missing_in(after); !missing.empty()) co_return missing;
        co_await change_.set(kind, *row, *present, std::move(after));
        co_return "";
    }

    // Of a whole environment: one flag that needs what was deleted since keeps no other from being put back. Of what is
    // named, the compiler says where in it the reference stands.
    template <class Configuration>
    std::string_view missing_in(const Configuration& configuration) const {
        if (!present_) return "";
        const auto references = references_of(configuration);
        const auto is_there = [&](const char* kind) {
            return [this, kind](const std::string& key) { return present_->items().contains(kind + key); };
        };
        if (!std::ranges::all_of(references.flags, is_there("flag/"))) return "missing_flag";
        if (!std::ranges::all_of(references.segments, is_there("segment/"))) return "missing_segment";
        return "";
    }

    static std::string describe(std::string_view kind, const std::string& key, std::string_view code) {
        const auto name = std::string(kind) + " `" + key + "` ";
        if (code == "deleted") return name + "was deleted; a key is never used again";
        if (code == "archived") return name + "is archived: restore it first";
        if (code == "not_in_version") return name + "is not in the ruleset of that version";
        return "there is no " + name.substr(0, name.size() - 1);
    }

    http::Edit& edit_;
    const projects::LockedEnvironment& env_;
    wire::ItemSet past_;
    EnvironmentChange change_;
    std::vector<Skipped> skipped_;
    const wire::ItemSet* present_ = nullptr;  // of a rollback of everything
};

awaitable<Result<>> restore_selected(http::Edit& edit, const projects::LockedEnvironment& env, Rollback& rollback,
                                     const Selection& selection) {
    if (selection.is_all) {
        const auto present = co_await publish::read_items(edit.tx(), env.env_id);
        co_return co_await rollback.restore_all(present);
    }
    auto flags_restored = co_await rollback.restore_named(flags::flag_kind, selection.flags);
    if (!flags_restored) co_return flags_restored;
    auto segments_restored = co_await rollback.restore_named(segments::segment_kind, selection.segments);
    co_return segments_restored;
}

http::EditResult roll_back(http::Edit& edit, RollbackRequest request) {
    auto& call = edit.call();
    auto comment = http::read_comment(call, edit.body());
    if (!comment) co_return comment.error();
    edit.set_comment(std::move(*comment));
    const auto wanted = publish::read_version(request.version, "/version");
    if (!wanted) co_return wanted.error();
    const auto env = co_await projects::lock_environment(call, edit.tx());
    if (!env) co_return env.error();
    const auto version = co_await publish::require_version(edit.tx(), *env, *wanted, "/version");
    if (!version) co_return version.error();
    auto past = co_await publish::require_items_at(edit.tx(), *env, *version, "/version");
    if (!past) co_return past.error();
    Rollback rollback(edit, *env, std::move(*past));
    const auto allowed = rollback.change().authorise();
    if (!allowed) co_return allowed.error();
    const auto restored_all = co_await restore_selected(edit, *env, rollback, request.selection);
    if (!restored_all) co_return restored_all.error();
    const auto write_more = [&](json::Writer& w) {
        w.member("rolled_back_to", wire::to_string(*version)).key("skipped").begin_array();
        for (const auto& skipped : rollback.skipped()) {
            const auto slash = skipped.item.find('/');
            w.begin_object().member(skipped.item.substr(0, slash), skipped.item.substr(slash + 1));
            w.member("code", skipped.code).end_object();
        }
        w.end_array();
    };
    auto finished = co_await rollback.change().finish(audit::Action::environment_rolled_back, write_more);
    co_return finished;
}

http::Answer handle_rollback(http::Call& call) { return http::edit_resource(call, read_rollback, roll_back); }

using access::Permission;
using net::Method;

constexpr http::Route rollback_table[] = {
    {Method::post, "/api/v1/orgs/{org}/projects/{project}/environments/{env}/rollback", Permission::edit,
     handle_rollback, "dry_run stage"},
};

}  // namespace

std::span<const http::Route> rollback_routes() noexcept { return rollback_table; }

}  // namespace fanion::cp::promotion
