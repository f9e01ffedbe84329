#include "control-plane/identity/second_factor_store.hpp"
#include "control-plane/projects/environment_store.hpp"
#include "tests/integration/control-plane/admin/store_crossing.hpp"

namespace fanion::crossing {
namespace {

const Case identity_table[] = {
    {"lock_access", false,
     [](Tx& tx, const Theirs& t) { return written(access::lock_access(tx, t.org, access::AccessLock::exclusive)); }},
    {"places_of_role", true,
     [](Tx& tx, const Theirs& t) { return found(access::places_of_role(tx, t.org, t.role.definition.key, now)); }},
    {"list_environments_of", true,
     [](Tx& tx, const Theirs& t) {
         std::vector<access::ProjectId> ids{t.project.project_id};
         return found(projects::list_environments_of(tx, std::move(ids)));
     }},
    {"find_sign_in_settings", true,
     [](Tx& tx, const Theirs& t) -> Found {
         const auto settings = co_await identity::find_sign_in_settings(tx, t.org);
         co_return settings.version > 0;
     }},
    {"put_sign_in_settings", false,
     [](Tx& tx, const Theirs& t) -> Found {
         const identity::SignInSettings settings{true, 2, now};
         co_await identity::put_sign_in_settings(tx, t.org, settings);
         co_return false;
     }},
};

}  // namespace

std::span<const Case> identity_cases() noexcept { return identity_table; }

}  // namespace fanion::crossing
