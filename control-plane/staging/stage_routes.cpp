#include "control-plane/staging/stage_routes.hpp"

#include <string>
#include <utility>

#include "control-plane/body/fields.hpp"
#include "control-plane/http/edit.hpp"
#include "control-plane/projects/path_lookup.hpp"
#include "control-plane/projects/project_json.hpp"
#include "control-plane/publish/version_choice.hpp"
#include "control-plane/staging/stage_change.hpp"

namespace fanion::cp::staging {
namespace {

using boost::asio::awaitable;

struct StageRequest {
    std::string version;  // empty: whatever is held
};

Result<StageRequest> read_stage_request(json::Value body) {
    return body::read_object(body, [](json::Reader& r, std::vector<Finding>&) {
        StageRequest request;
        request.version = r.string("version", "");
        body::ignore_members(r, {"comment"});
        return request;
    });
}

struct HeldHere {
    projects::LockedEnvironment env;
    publish::Stage stage;
};

awaitable<Result<HeldHere>> lock_held(http::Edit& edit, const StageRequest& request) {
    auto& call = edit.call();
    auto comment = http::read_comment(call, edit.body());
    if (!comment) co_return comment.error();
    edit.set_comment(std::move(*comment));
    auto env = co_await projects::lock_environment(call, edit.tx());
    if (!env) co_return env.error();
    if (auto ok = projects::require_edit_permission(call, env->is_protected); !ok) co_return ok.error();
    auto stage = co_await publish::find_held(edit.tx(), env->env_id);
    if (!stage) co_return http::conflict("", "nothing_held", "no change is held in this environment");
    if (request.version.empty()) co_return HeldHere{std::move(*env), std::move(*stage)};
    const auto wanted = publish::read_version(request.version, "/version");
    if (!wanted) co_return wanted.error();
    const bool is_it =
        wanted->number == stage->version.number && (wanted->epoch == 0 || wanted->epoch == stage->version.epoch);
    if (is_it) co_return HeldHere{std::move(*env), std::move(*stage)};
    co_return http::conflict("/version", "not_held", "the version that is held is " + wire::to_string(stage->version));
}

Cause cause_of(const http::Edit& edit) {
    const auto& principal = edit.call().principal;
    return {Reason::person, "", principal.kind, principal.actor_id(), edit.call().now()};
}

std::string answer_text(const HeldHere& held, publish::StageState state, wire::Version released,
                        const std::vector<std::string>& kept) {
    return body::object_text([&](json::Writer& w) {
        w.member("environment", held.env.key).member("version", wire::to_string(held.stage.version));
        w.member("state", publish::name_of(state)).member("released", wire::to_string(released));
        w.key("kept").begin_array();
        for (const auto& item : kept) w.string(item);
        w.end_array();
    });
}

http::EditOutcome outcome_of(audit::Action action, const HeldHere& held, std::string text, std::string before,
                             std::string after) {
    http::EditOutcome outcome{net::json_response(std::move(text)), http::AuditRecord{}};
    outcome.audit->action = action;
    outcome.audit->resource = "projects/" + held.env.project_key + "/environments/" + held.env.key;
    outcome.audit->before = std::move(before);
    outcome.audit->after = std::move(after);
    return outcome;
}

http::EditResult release_held(http::Edit& edit, StageRequest request) {
    auto held = co_await lock_held(edit, request);
    if (!held) co_return held.error();
    const bool is_done = co_await release(edit.tx(), held->env, held->stage, cause_of(edit));
    if (!is_done) co_return http::conflict("", "nothing_held", "no change is held in this environment");
    auto after = held->stage;
    after.state = publish::StageState::released;
    after.base = held->stage.version;
    auto text = answer_text(*held, after.state, after.base, {});
    co_return outcome_of(audit::Action::stage_released, *held, std::move(text), stage_text(held->stage),
                         stage_text(after));
}

http::EditResult withdraw_held(http::Edit& edit, StageRequest request) {
    auto held = co_await lock_held(edit, request);
    if (!held) co_return held.error();
    auto& publisher = edit.call().services.publisher;
    auto withdrawn = co_await withdraw(edit.tx(), publisher, held->env, held->stage, cause_of(edit));
    if (!withdrawn) co_return withdrawn.error();
    auto text = answer_text(*held, publish::StageState::withdrawn, withdrawn->publication.version(), withdrawn->kept);
    http::Enclosure made{edit.tx()};
    made.versions.push_back({held->env.project_key, held->env.key, std::move(withdrawn->publication)});
    edit.adopt(std::move(made));
    co_return outcome_of(audit::Action::stage_withdrawn, *held, std::move(text), std::move(withdrawn->before),
                         std::move(withdrawn->after));
}

http::Answer handle_release(http::Call& call) { return http::edit_resource(call, read_stage_request, release_held); }

http::Answer handle_withdraw(http::Call& call) { return http::edit_resource(call, read_stage_request, withdraw_held); }

using access::Permission;
using net::Method;

constexpr http::Route stage_table[] = {
    {Method::post, "/api/v1/orgs/{org}/projects/{project}/environments/{env}/stage/release", Permission::edit,
     handle_release},
    {Method::post, "/api/v1/orgs/{org}/projects/{project}/environments/{env}/stage/withdraw", Permission::edit,
     handle_withdraw},
};

}  // namespace

std::span<const http::Route> stage_routes() noexcept { return stage_table; }

}  // namespace fanion::cp::staging
