#include "control-plane/lifecycle/snooze_routes.hpp"

#include "control-plane/body/json_text.hpp"
#include "control-plane/flags/flag_kind.hpp"
#include "control-plane/http/edit.hpp"
#include "control-plane/items/item_lookup.hpp"
#include "control-plane/lifecycle/life_store.hpp"
#include "control-plane/lifecycle/settings_store.hpp"
#include "control-plane/lifecycle/snooze_store.hpp"

namespace fanion::cp::lifecycle {
namespace {

using boost::asio::awaitable;

std::string snooze_text(const Snooze& snooze) { return http::to_text(write_snooze, snooze); }

Error not_snoozed() { return http::not_found("snooze", "{flag}"); }

http::Answer handle_get_snooze(http::Call& call) {
    auto tx = co_await call.services.pool.begin(call.scope(), db::Mode::snapshot);
    auto project = co_await projects::load_project(call, tx);
    if (!project) co_return project.error();
    auto flag = co_await items::load_row(call, tx, flags::flag_kind, project->project_id);
    if (!flag) co_return flag.error();
    const auto snooze = co_await find_snooze(tx, flag->flag_id, call.now());
    if (!snooze) co_return not_snoozed();
    auto text = snooze_text(*snooze);
    auto tag = http::content_etag(text);
    co_return http::resource_response(call, std::move(text), std::move(tag));
}

// The flag of the path in the locked project, and whether it is snoozed.
struct Held {
    projects::Project project;
    flags::Flag flag;
    std::optional<Snooze> present;
};

awaitable<Result<Held>> hold(http::Edit& edit) {
    auto& call = edit.call();
    auto project = co_await projects::lock_project(call, edit.tx());
    if (!project) co_return project.error();
    auto flag = co_await items::load_row(call, edit.tx(), flags::flag_kind, project->project_id);
    if (!flag) co_return flag.error();
    auto present = co_await find_snooze(edit.tx(), flag->flag_id, call.now());
    co_return Held{std::move(*project), std::move(*flag), std::move(present)};
}

// What the caller is told of the flag now.
awaitable<std::vector<Reason>> present_reasons(http::Call& call, db::Transaction& tx, const Held& held) {
    const auto& definition = held.flag.definition;
    const auto environments = co_await projects::list_readable_environments(call, tx, held.project.project_id);
    events::KeyRange only{definition.key, definition.key};
    const auto answers = co_await events::list_answers(tx, ids_of(environments), std::move(only));
    const auto stored = co_await find_lifecycle_settings(tx, held.project.project_id);
    ListedFlag listed;
    listed.key = definition.key;
    listed.lifetime = definition.lifetime;
    listed.created_at = definition.created_at;
    const auto lives = lives_of({listed}, environments, answers);
    co_return reasons_of(judge(lives.front(), stored.settings, call.now()));
}

http::EditResult snooze_flag(http::Edit& edit) {
    auto& call = edit.call();
    auto held = co_await hold(edit);
    if (!held) co_return held.error();
    const auto until = read_snooze(edit.body(), call.now());
    if (!until) co_return until.error();
    auto comment = http::read_comment(call, edit.body());
    if (!comment) co_return comment.error();
    edit.set_comment(*comment);
    std::optional<http::Before> before;
    if (held->present) {
        const auto present = snooze_text(*held->present);
        auto matched = edit.match(http::content_etag(present), present);
        if (!matched) co_return matched.error();
        before = std::move(*matched);
    } else if (!call.request.header("If-Match").empty()) {
        co_return Error{Errc::precondition_failed, "the flag is not snoozed", {}};
    }
    Snooze wanted;
    wanted.until = *until;
    wanted.reasons = co_await present_reasons(call, edit.tx(), *held);
    wanted.comment = std::move(*comment);
    wanted.actor_kind = access::name_of(call.principal.kind);
    wanted.actor_id = call.principal.actor_id();
    wanted.created_at = call.now();
    co_await put_snooze(edit.tx(), call.org.org_id, held->flag.flag_id, wanted);
    auto text = snooze_text(wanted);
    auto tag = http::content_etag(text);
    if (before)
        co_return edit.changed(audit::Action::flag_snoozed, std::move(*before), std::move(text), std::move(tag));
    auto outcome = edit.unchanged(text, std::move(tag));
    outcome.audit =
        http::AuditRecord{audit::Action::flag_snoozed, http::resource_of(call), std::nullopt, std::move(text)};
    co_return outcome;
}

http::EditResult end_snooze(http::Edit& edit) {
    auto held = co_await hold(edit);
    if (!held) co_return held.error();
    if (!held->present) co_return not_snoozed();
    const auto present = snooze_text(*held->present);
    auto before = edit.match(http::content_etag(present), present);
    if (!before) co_return before.error();
    co_await delete_snooze(edit.tx(), held->flag.flag_id);
    co_return edit.deleted(audit::Action::flag_unsnoozed, std::move(*before));
}

http::Answer handle_put_snooze(http::Call& call) { return http::edit_resource(call, snooze_flag); }

http::Answer handle_delete_snooze(http::Call& call) { return http::edit_resource(call, end_snooze); }

using access::Permission;
using net::Method;

constexpr http::Route snooze_table[] = {
    {Method::get, "/api/v1/orgs/{org}/projects/{project}/flags/{flag}/lifecycle/snooze", Permission::read,
     handle_get_snooze},
    {Method::put, "/api/v1/orgs/{org}/projects/{project}/flags/{flag}/lifecycle/snooze", Permission::edit,
     handle_put_snooze},
    {Method::del, "/api/v1/orgs/{org}/projects/{project}/flags/{flag}/lifecycle/snooze", Permission::edit,
     handle_delete_snooze},
};

}  // namespace

std::span<const http::Route> snooze_routes() noexcept { return snooze_table; }

}  // namespace fanion::cp::lifecycle
