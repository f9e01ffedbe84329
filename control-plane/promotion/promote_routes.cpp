#include "control-plane/promotion/promote_routes.hpp"

#include <algorithm>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "control-plane/flags/flag_kind.hpp"
#include "control-plane/promotion/comparison_store.hpp"
#include "control-plane/promotion/environment_change.hpp"
#include "control-plane/promotion/selection.hpp"
#include "control-plane/publish/version_choice.hpp"
#include "control-plane/segments/segment_kind.hpp"

namespace fanion::cp::promotion {
namespace {

using boost::asio::awaitable;

struct Wanted {
    std::string item;     // "flag/<key>"
    std::string pointer;  // where the body names it; empty: it does not
};

std::string_view key_in(std::string_view item) { return item.substr(item.find('/') + 1); }

// Follows the references of what is promoted. What is taken along is appended to `wanted_`, which is
// worked off from its front; each item is in it once, and there are at most most_items.
class Promotion {
public:
    Promotion(http::Edit& edit, const projects::LockedEnvironment& source, const projects::LockedEnvironment& target,
              const PromotionRequest& request)
        : edit_(edit), source_(source), target_(target), request_(request), change_(edit, target) {}

    EnvironmentChange& change() noexcept { return change_; }
    const std::vector<std::string>& taken_along() const noexcept { return taken_along_; }
    const std::vector<std::string>& other_needs() const noexcept { return other_needs_; }

    void want(std::string item, std::string pointer) {
        if (known_.insert(item).second) wanted_.push_back({std::move(item), std::move(pointer)});
    }

    awaitable<Result<>> run() {
        for (std::size_t i = 0; i < wanted_.size(); ++i) {
            if (wanted_.size() > most_items) co_return too_many("promote");
            const auto wanted = wanted_[i];
            if (wanted.item.starts_with("flag/")) {
                co_await take(flags::flag_kind, wanted);
            } else {
                co_await take(segments::segment_kind, wanted);
            }
        }
        if (findings_.empty()) co_return boost::system::in_place_value;
        co_return Error{Errc::unprocessable, "the promotion is not possible as it is", std::move(findings_)};
    }

private:
    template <class Kind>
    struct Pair {
        typename Kind::Row row;
        typename Kind::Config source;
        typename Kind::Config target;
    };

    template <class Kind>
    awaitable<std::optional<Pair<Kind>>> load(const Kind& kind, std::string key) {
        auto row = co_await kind.find(edit_.tx(), target_.project_id, std::move(key));
        if (!row || row->is_deleted) co_return std::nullopt;
        auto source = co_await kind.find_config(edit_.tx(), *row, source_.env_id);
        auto target = co_await kind.find_config(edit_.tx(), *row, target_.env_id);
        if (!source || !target) co_return std::nullopt;
        co_return Pair<Kind>{std::move(*row), std::move(*source), std::move(*target)};
    }

    template <class Kind>
    awaitable<void> take(const Kind& kind, Wanted wanted) {
        auto pair = co_await load(kind, std::string(key_in(wanted.item)));
        const auto name = std::string(kind.name) + " `" + std::string(key_in(wanted.item)) + "`";
        if (!pair) {
            refuse(wanted, "unknown_" + std::string(kind.name), "there is no " + name);
            co_return;
        }
        if (!is_in_ruleset(pair->row.definition)) {
            refuse(wanted, "archived", name + " is archived: restore it first");
            co_return;
        }
        const bool is_asked_for = !wanted.pointer.empty() || request_.selection.is_all;
        auto after = merged(pair->source, pair->target, is_asked_for ? request_.parts : Parts{});
        co_await follow(wanted, references_of(pair->target), references_of(after));
        co_await change_.set(kind, pair->row, pair->target, std::move(after));
    }

    // What the configuration refers to and did not before.
    awaitable<void> follow(Wanted wanted, body::References before, body::References after) {
        for (const auto& flag : after.flags) {
            if (!before.flags.contains(flag)) co_await need(flags::flag_kind, wanted, flag);
        }
        for (const auto& segment : after.segments) {
            if (!before.segments.contains(segment)) co_await need(segments::segment_kind, wanted, segment);
        }
    }

    template <class Kind>
    awaitable<void> need(const Kind& kind, Wanted wanted, std::string key) {
        const auto item = std::string(kind.name) + '/' + key;
        if (known_.contains(item)) co_return;
        const auto pair = co_await load(kind, key);
        if (!pair) co_return;  // the compiler finds the reference
        if (!is_lacking(pair->source, pair->target)) {
            const bool is_other = content_json(pair->source) != content_json(pair->target);
            if (is_other && std::ranges::find(other_needs_, item) == other_needs_.end()) other_needs_.push_back(item);
            co_return;
        }
        if (request_.takes_along) {
            want(item, "");
            taken_along_.push_back(item);
            co_return;
        }
        const auto state = kind.name == "flag" ? "off" : "empty";
        refuse(wanted, "missing_" + std::string(kind.name),
               "`" + std::string(key_in(wanted.item)) + "` needs " + std::string(kind.name) + " `" + key +
                   "`, which is " + state + " in `" + target_.key + "`: promote it too, or say \"take_along\": true");
    }

    void refuse(const Wanted& wanted, std::string code, std::string detail) {
        findings_.push_back({wanted.pointer.empty() ? wanted.item : "", wanted.pointer, std::move(code), detail});
    }

    http::Edit& edit_;
    const projects::LockedEnvironment& source_;
    const projects::LockedEnvironment& target_;
    const PromotionRequest& request_;
    EnvironmentChange change_;
    std::vector<Wanted> wanted_;
    std::set<std::string> known_;
    std::vector<std::string> taken_along_;
    std::vector<std::string> other_needs_;  // differ in the target, and stay as they are
    std::vector<Finding> findings_;
};

const projects::LockedEnvironment* find_by_key(const items::Environments& environments, std::string_view key) {
    const auto at = std::ranges::find(environments, key, &projects::LockedEnvironment::key);
    return at == environments.end() ? nullptr : &*at;
}

Error bad_source(Errc kind, std::string pointer, std::string code, std::string detail) {
    return {kind, detail, {{"", std::move(pointer), std::move(code), detail}}};
}

// The environment to promote from. Errors: unprocessable, conflict if it has changed since.
Result<const projects::LockedEnvironment*> require_source(const http::Call& call,
                                                          const items::Environments& environments,
                                                          const projects::LockedEnvironment& target,
                                                          const PromotionRequest& request) {
    const auto* source = find_by_key(environments, request.from);
    if (!source || !call.may_read_in(request.from)) {
        return bad_source(Errc::unprocessable, "/from", "unknown_environment", "the project has no such environment");
    }
    if (source == &target) {
        return bad_source(Errc::unprocessable, "/from", "same_environment",
                          "an environment has nothing to give itself");
    }
    if (!request.from_version) return source;
    const auto version = publish::read_version(*request.from_version, "/from_version");
    if (!version) return version.error();
    const bool is_same =
        version->number == source->version.number && (version->epoch == 0 || version->epoch == source->version.epoch);
    if (is_same) return source;
    return bad_source(Errc::conflict, "/from_version", "changed",
                      "`" + source->key + "` is at version " + wire::to_string(source->version) + " by now");
}

awaitable<Result<>> select(http::Edit& edit, const projects::LockedEnvironment& source,
                           const projects::LockedEnvironment& target, const Selection& selection,
                           Promotion& promotion) {
    if (selection.is_all) {
        auto keys =
            co_await list_differing_keys(edit.tx(), target.project_id, target.env_id, source.env_id, most_items + 1);
        if (keys.size() > most_items) co_return too_many("promote");
        for (auto& key : keys) promotion.want(std::move(key), "");
    }
    for (std::size_t i = 0; i < selection.flags.size(); ++i) {
        promotion.want("flag/" + selection.flags[i], "/flags/" + std::to_string(i));
    }
    for (std::size_t i = 0; i < selection.segments.size(); ++i) {
        promotion.want("segment/" + selection.segments[i], "/segments/" + std::to_string(i));
    }
    co_return boost::system::in_place_value;
}

void write_items(json::Writer& w, std::string_view member, const std::vector<std::string>& items) {
    w.key(member).begin_array();
    for (const auto& item : items) {
        const auto slash = item.find('/');
        w.begin_object().member(item.substr(0, slash), item.substr(slash + 1)).end_object();
    }
    w.end_array();
}

http::EditResult promote(http::Edit& edit, PromotionRequest request) {
    auto& call = edit.call();
    auto comment = http::read_comment(call, edit.body());
    if (!comment) co_return comment.error();
    edit.set_comment(std::move(*comment));
    const auto project = co_await projects::load_project(call, edit.tx());
    if (!project) co_return project.error();
    const auto environments = co_await projects::lock_environments(edit.tx(), project->project_id);
    const auto* target = find_by_key(environments, call.param("env"));
    if (!target) co_return http::not_found("environment", "{env}");
    const auto source = require_source(call, environments, *target, request);
    if (!source) co_return source.error();
    Promotion promotion(edit, **source, *target, request);
    const auto allowed = promotion.change().authorise();
    if (!allowed) co_return allowed.error();
    const auto selected = co_await select(edit, **source, *target, request.selection, promotion);
    if (!selected) co_return selected.error();
    const auto taken = co_await promotion.run();
    if (!taken) co_return taken.error();
    const auto write_more = [&](json::Writer& w) {
        w.member("from", (*source)->key).member("from_version", wire::to_string((*source)->version));
        write_items(w, "taken_along", promotion.taken_along());
        write_items(w, "different", promotion.other_needs());
    };
    auto finished = co_await promotion.change().finish(audit::Action::environment_promoted, write_more);
    co_return finished;
}

http::Answer handle_promote(http::Call& call) { return http::edit_resource(call, read_promotion, promote); }

using access::Permission;
using net::Method;

constexpr http::Route promote_table[] = {
    {Method::post, "/api/v1/orgs/{org}/projects/{project}/environments/{env}/promote", Permission::edit, handle_promote,
     "dry_run"},
};

}  // namespace

std::span<const http::Route> promote_routes() noexcept { return promote_table; }

}  // namespace fanion::cp::promotion
