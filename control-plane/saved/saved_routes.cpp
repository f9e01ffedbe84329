#include "control-plane/saved/saved_routes.hpp"

#include "common/base/ids.hpp"
#include "control-plane/http/edit.hpp"
#include "control-plane/http/lists.hpp"
#include "control-plane/projects/path_lookup.hpp"
#include "control-plane/saved/saved_store.hpp"

namespace fanion::cp::saved {
namespace {

using access::Permission;
using boost::asio::awaitable;

struct KindActions {
    audit::Action created;
    audit::Action updated;
    audit::Action deleted;
};

KindActions actions_of(Kind kind) {
    using audit::Action;
    if (kind == Kind::view) return {Action::view_created, Action::view_updated, Action::view_deleted};
    return {Action::context_created, Action::context_updated, Action::context_deleted};
}

// Nobody is shown what is said of an environment that they may not read.
bool may_see(const http::Call& call, const Saved& saved) {
    return saved.content.environment.empty() || call.may_read_in(saved.content.environment);
}

Error no_such(Kind kind) {
    const std::string name(name_of(kind));
    return http::not_found(name, '{' + name + '}');
}

Shelf shelf_of(const http::Call& call, const projects::Project& project, Kind kind) {
    return {call.org.org_id, project.project_id, kind, call.principal.user_id};
}

// Shared ones are the project's, as its flags are. One's own need no permission but reading, which a token that may only read
// does not stretch to.
Result<> require_change(const http::Call& call, bool is_shared) {
    if (is_shared) return http::require_permission(call, Permission::edit);
    if (call.principal.is_service()) {
        return http::forbidden("person_required", "service accounts have nothing of their own: set `shared`");
    }
    if (!call.has_permission(Permission::read)) return http::forbidden(Permission::read);
    if (!call.principal.limit.has(Permission::edit)) return http::forbidden(Permission::edit);
    return boost::system::in_place_value;
}

// Those who may not read the project do not learn that it is there.
awaitable<Result<projects::Project>> lock_readable_project(http::Edit& edit) {
    auto& call = edit.call();
    if (!call.has_permission(Permission::read)) co_return http::not_found("project", "{project}");
    co_return co_await projects::lock_project(call, edit.tx());
}

// Error: unprocessable, when the project has no such environment for the caller.
awaitable<Result<>> check_environment(http::Edit& edit, const projects::Project& project, const Saved& saved) {
    const auto& key = saved.content.environment;
    if (key.empty()) co_return boost::system::in_place_value;
    const auto env = co_await projects::find_environment(edit.tx(), project.project_id, key);
    if (env && edit.call().may_read_in(key)) co_return boost::system::in_place_value;
    const std::string detail = "the project has no such environment";
    co_return Error{Errc::unprocessable, detail, {{"", "/environment", "unknown_environment", detail}}};
}

// What must hold of it before it is written. Errors: unprocessable; conflict, the name is taken.
awaitable<Result<>> check_saved(http::Edit& edit, const projects::Project& project, Kind kind, const Saved& saved) {
    auto known = co_await check_environment(edit, project, saved);
    if (!known) co_return known.error();
    const auto shelf = shelf_of(edit.call(), project, kind);
    const bool is_taken = co_await is_name_taken(edit.tx(), shelf, saved);
    if (is_taken)
        co_return http::conflict("/name", "taken", "there is a " + std::string(name_of(kind)) + " of this name");
    co_return boost::system::in_place_value;
}

// What is a person's own is theirs to know: no entry tells others of it.
http::EditOutcome entered(http::EditOutcome outcome, const Saved& saved) {
    if (saved.content.is_shared) return outcome;
    outcome.audit.reset();
    outcome.is_staged = true;
    return outcome;
}

http::Answer list(http::Call& call, Kind kind) {
    const auto page = http::read_page(call);
    if (!page) co_return page.error();
    ShelfPage wanted;
    wanted.limit = most_shared + most_of_a_person;  // a page and its cursor are made of what the caller may see
    const auto space = page->after.find(' ');
    if (space != std::string::npos) {
        wanted.after_id = page->after.substr(0, space);
        wanted.after_name = page->after.substr(space + 1);
    }
    auto tx = co_await call.services.pool.begin(call.scope(), db::Mode::snapshot);
    auto project = co_await projects::load_project(call, tx);
    if (!project) co_return project.error();
    const auto shelf = shelf_of(call, *project, kind);
    auto found = co_await list_saved(tx, shelf, std::move(wanted));
    std::erase_if(found, [&](const Saved& saved) { return !may_see(call, saved); });
    const auto next = http::end_page(
        found, *page, [](const Saved& saved) { return saved.saved_id.str() + ' ' + saved.content.name; });
    const auto write_items = [&](json::Writer& w) {
        for (const auto& saved : found) write_listed(w, kind, saved);
    };
    co_return net::json_response(http::page_text(write_items, next));
}

http::EditResult create(http::Edit& edit, Kind kind) {
    auto& call = edit.call();
    auto given = read_new(kind, edit.body());
    if (!given) co_return given.error();
    auto project = co_await lock_readable_project(edit);
    if (!project) co_return project.error();
    const bool is_shared = given->is_shared;
    if (auto ok = require_change(call, is_shared); !ok) co_return ok.error();
    const auto shelf = shelf_of(call, *project, kind);
    const auto most = is_shared ? most_shared : most_of_a_person;
    const auto present = co_await count_saved(edit.tx(), shelf, is_shared);
    if (present >= most) {
        const std::string whose = is_shared ? "a project has at most " : "a person has at most ";
        co_return http::conflict("", "limit", whose + std::to_string(most) + " of these in a project");
    }
    Saved saved;
    saved.saved_id = SavedId(random_id(kind == Kind::view ? "view_" : "ctx_"));
    saved.content = std::move(*given);
    saved.created_by = call.principal.actor_id();
    saved.created_at = saved.updated_at = call.now();
    auto checked = co_await check_saved(edit, *project, kind, saved);
    if (!checked) co_return checked.error();
    co_await insert_saved(edit.tx(), shelf, saved);
    auto outcome =
        edit.created(actions_of(kind).created, saved.saved_id.str(), text_of(kind, saved), http::etag(saved.version));
    co_return entered(std::move(outcome), saved);
}

http::Answer get(http::Call& call, Kind kind) {
    auto tx = co_await call.services.pool.begin(call.scope(), db::Mode::snapshot);
    auto project = co_await projects::load_project(call, tx);
    if (!project) co_return project.error();
    const auto shelf = shelf_of(call, *project, kind);
    const auto saved = co_await find_saved(tx, shelf, SavedId(call.param(name_of(kind))));
    if (!saved || !may_see(call, *saved)) co_return no_such(kind);
    co_return http::resource_response(call, text_of(kind, *saved), http::etag(saved->version));
}

// What the path names, to be changed by the caller.
struct Held {
    projects::Project project;
    Saved saved;
};

awaitable<Result<Held>> hold(http::Edit& edit, Kind kind) {
    auto& call = edit.call();
    auto project = co_await lock_readable_project(edit);
    if (!project) co_return project.error();
    const auto shelf = shelf_of(call, *project, kind);
    auto saved = co_await lock_saved(edit.tx(), shelf, SavedId(call.param(name_of(kind))));
    if (!saved || !may_see(call, *saved)) co_return no_such(kind);
    if (auto ok = require_change(call, saved->content.is_shared); !ok) co_return ok.error();
    co_return Held{std::move(*project), std::move(*saved)};
}

// PUT and PATCH.
http::EditResult change(http::Edit& edit, Kind kind) {
    auto& call = edit.call();
    auto held = co_await hold(edit, kind);
    if (!held) co_return held.error();
    auto& saved = held->saved;
    const auto present = text_of(kind, saved);
    auto before = edit.match(http::etag(saved.version), present);
    if (!before) co_return before.error();
    const bool is_patch = call.request.method == net::Method::patch;
    auto wanted = is_patch ? read_patched(kind, edit.body(), saved) : read_replacement(kind, edit.body(), saved);
    if (!wanted) co_return wanted.error();
    if (*wanted == saved.content) co_return edit.unchanged(present, http::etag(saved.version));
    saved.content = std::move(*wanted);
    saved.updated_at = call.now();
    ++saved.version;
    auto checked = co_await check_saved(edit, held->project, kind, saved);
    if (!checked) co_return checked.error();
    co_await update_saved(edit.tx(), saved);
    auto outcome =
        edit.changed(actions_of(kind).updated, std::move(*before), text_of(kind, saved), http::etag(saved.version));
    co_return entered(std::move(outcome), saved);
}

http::EditResult remove(http::Edit& edit, Kind kind) {
    auto held = co_await hold(edit, kind);
    if (!held) co_return held.error();
    const auto& saved = held->saved;
    auto before = edit.match(http::etag(saved.version), text_of(kind, saved));
    if (!before) co_return before.error();
    co_await delete_saved(edit.tx(), saved.saved_id);
    co_return entered(edit.deleted(actions_of(kind).deleted, std::move(*before)), saved);
}

template <Kind kind>
http::Answer handle_list(http::Call& call) {
    return list(call, kind);
}
template <Kind kind>
http::Answer handle_create(http::Call& call) {
    return http::edit_resource(call, create, kind);
}
template <Kind kind>
http::Answer handle_get(http::Call& call) {
    return get(call, kind);
}
template <Kind kind>
http::Answer handle_change(http::Call& call) {
    return http::edit_resource(call, change, kind);
}
template <Kind kind>
http::Answer handle_remove(http::Call& call) {
    return http::edit_resource(call, remove, kind);
}

using net::Method;

// What is shared needs `edit`, and one's own does not: the handlers ask.
constexpr http::Route saved_table[] = {
    {Method::get, "/api/v1/orgs/{org}/projects/{project}/views", Permission::read, handle_list<Kind::view>,
     "limit cursor"},
    {Method::post, "/api/v1/orgs/{org}/projects/{project}/views", Permission::member, handle_create<Kind::view>,
     "comment"},
    {Method::get, "/api/v1/orgs/{org}/projects/{project}/views/{view}", Permission::read, handle_get<Kind::view>},
    {Method::put, "/api/v1/orgs/{org}/projects/{project}/views/{view}", Permission::member, handle_change<Kind::view>,
     "comment"},
    {Method::patch, "/api/v1/orgs/{org}/projects/{project}/views/{view}", Permission::member, handle_change<Kind::view>,
     "comment"},
    {Method::del, "/api/v1/orgs/{org}/projects/{project}/views/{view}", Permission::member, handle_remove<Kind::view>,
     "comment"},
    {Method::get, "/api/v1/orgs/{org}/projects/{project}/contexts", Permission::read, handle_list<Kind::context>,
     "limit cursor"},
    {Method::post, "/api/v1/orgs/{org}/projects/{project}/contexts", Permission::member, handle_create<Kind::context>,
     "comment"},
    {Method::get, "/api/v1/orgs/{org}/projects/{project}/contexts/{context}", Permission::read,
     handle_get<Kind::context>},
    {Method::put, "/api/v1/orgs/{org}/projects/{project}/contexts/{context}", Permission::member,
     handle_change<Kind::context>, "comment"},
    {Method::patch, "/api/v1/orgs/{org}/projects/{project}/contexts/{context}", Permission::member,
     handle_change<Kind::context>, "comment"},
    {Method::del, "/api/v1/orgs/{org}/projects/{project}/contexts/{context}", Permission::member,
     handle_remove<Kind::context>, "comment"},
};

}  // namespace

std::span<const http::Route> saved_routes() noexcept { return saved_table; }

}  // namespace fanion::cp::saved
