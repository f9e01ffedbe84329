#include "control-plane/items/copy_store.hpp"
#include "control-plane/projects/deletion_store.hpp"
#include "control-plane/projects/organisation_store.hpp"
#include "tests/integration/control-plane/admin/store_crossing.hpp"

namespace fanion::crossing {
namespace {

// Deleted by the organisation itself; in the scope of another one nothing is.
awaitable<void> delete_all(Tx& tx, const Theirs& t) {
    co_await projects::show_deleted(tx);
    co_await projects::delete_environment(tx, t.env, now);
    co_await projects::delete_project(tx, t.project.project_id, now);
}

const Case tenancy_table[] = {
    {"lock_org", true, [](Tx& tx, const Theirs& t) { return found(projects::lock_org(tx, t.org)); }},
    {"update_org", false,
     [](Tx& tx, const Theirs& t) -> Found {
         projects::Org org;
         org.org_id = t.org;
         org.name = "planted";
         co_await projects::update_org(tx, org);
         co_return false;
     }},
    {"update_project", false, [](Tx& tx, const Theirs& t) { return written(projects::update_project(tx, t.project)); }},
    {"update_environment", false,
     [](Tx& tx, const Theirs& t) { return written(projects::update_environment(tx, t.env)); }},
    {"show_deleted", false, [](Tx& tx, const Theirs&) { return written(projects::show_deleted(tx)); }},
    {"contents_of_org", true,
     [](Tx& tx, const Theirs& t) -> Found {
         const auto contents = co_await projects::contents_of_org(tx, t.org, now);
         co_return contents.projects + contents.environments + contents.flags + contents.keys > 0;
     }},
    {"contents_of_project", true,
     [](Tx& tx, const Theirs& t) -> Found {
         const auto contents = co_await projects::contents_of_project(tx, t.project.project_id, now);
         co_return contents.environments + contents.flags + contents.segments + contents.keys > 0;
     }},
    {"delete_environment", false, [](Tx& tx, const Theirs& t) { return written(delete_all(tx, t)); }},
    {"delete_project", false, [](Tx& tx, const Theirs& t) { return written(delete_all(tx, t)); }},
    {"delete_org", false,
     [](Tx& tx, const Theirs& t) -> Found {
         co_await projects::show_deleted(tx);
         co_return co_await projects::delete_org(tx, t.org, 1, now) && false;
     }},
    {"list_deleted_projects", true,
     [](Tx& tx, const Theirs& t) -> Found {
         co_await delete_all(tx, t);
         access::Selection selected;
         const auto found = co_await projects::list_deleted_projects(tx, t.org, std::move(selected), "", 10, now - 1);
         co_return !found.empty();
     }},
    {"lock_deleted_project", true,
     [](Tx& tx, const Theirs& t) -> Found {
         co_await delete_all(tx, t);
         const auto found = co_await projects::lock_deleted_project(tx, t.org, t.project.key, now - 1);
         co_return found.has_value();
     }},
    {"list_deleted_environments", true,
     [](Tx& tx, const Theirs& t) -> Found {
         co_await delete_all(tx, t);
         const auto found = co_await projects::list_deleted_environments(tx, t.project.project_id, now - 1);
         co_return !found.empty();
     }},
    {"lock_deleted_environment", true,
     [](Tx& tx, const Theirs& t) -> Found {
         co_await delete_all(tx, t);
         const auto found = co_await projects::lock_deleted_environment(tx, t.project.project_id, t.env.key, now - 1);
         co_return found.has_value();
     }},
    {"count_environments", true,
     [](Tx& tx, const Theirs& t) { return found(projects::count_environments(tx, t.project.project_id)); }},
    {"restore_environment", false,
     [](Tx& tx, const Theirs& t) { return written(projects::restore_environment(tx, t.env.env_id)); }},
    {"restore_project", false,
     [](Tx& tx, const Theirs& t) { return written(projects::restore_project(tx, t.project.project_id)); }},
    {"restore_org", true,
     [](Tx& tx, const Theirs& t) -> Found {
         co_await projects::show_deleted(tx);
         co_await projects::delete_org(tx, t.org, 1, now);
         co_return co_await projects::restore_org(tx, t.org, now - 1);
     }},
    {"copy_configurations", false,
     [](Tx& tx, const Theirs& t) -> Found {
         const access::EnvironmentId nowhere("e_planted");
         co_await items::copy_configurations(tx, t.env.env_id, nowhere, "", now);
         co_return false;
     }},
};

}  // namespace

std::span<const Case> tenancy_cases() noexcept { return tenancy_table; }

}  // namespace fanion::crossing
