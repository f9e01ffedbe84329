#include "control-plane/rollouts/person_change.hpp"

#include <string>
#include <utility>

#include "control-plane/rollouts/rollout_store.hpp"

namespace fanion::cp::rollouts {

using boost::asio::awaitable;

awaitable<Result<Place>> lock_place(http::Edit& edit, std::optional<http::Before>& before) {
    auto& call = edit.call();
    auto env = co_await projects::lock_environment(call, edit.tx());
    if (!env) co_return env.error();
    if (auto ok = projects::require_edit_permission(call, env->is_protected); !ok) co_return ok.error();
    auto rollout = co_await lock_rollout(edit.tx(), env->env_id, RolloutId(call.param("rollout")));
    if (!rollout) co_return http::not_found("rollout", "{rollout}");
    auto matched = edit.match(http::etag(rollout->version), rollout_text(*rollout));
    if (!matched) co_return matched.error();
    before = std::move(*matched);
    if (!is_open(rollout->progress.state)) {
        co_return http::conflict("", "ended",
                                 "the rollout has ended: it is " + std::string(name_of(rollout->progress.state)));
    }
    co_return Place{std::move(*env), std::move(*rollout)};
}

http::EditResult finish_change(http::Edit& edit, audit::Action action, http::Before before, Rollout rollout) {
    const auto now = edit.call().now();
    rollout.updated_at = now;
    ++rollout.version;
    if (!is_open(rollout.progress.state)) rollout.ended_at = now;
    co_await update_rollout(edit.tx(), rollout);
    auto outcome = edit.changed(action, std::move(before), rollout_text(rollout), http::etag(rollout.version));
    outcome.audit->resource = "projects/" + edit.call().param("project") + "/environments/" + rollout.environment +
                              "/rollouts/" + rollout.rollout_id.str();
    co_return outcome;
}

}  // namespace fanion::cp::rollouts
