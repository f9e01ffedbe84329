#include "control-plane/projects/environment_store.hpp"
#include "tests/integration/control-plane/admin/store_crossing.hpp"

namespace fanion::crossing {
namespace {

const Case cases[] = {
    {"lock_access", false,
     [](Tx& tx, const Theirs& t) { return written(access::lock_access(tx, t.org, access::AccessLock::exclusive)); }},
    {"places_of_role", true,
     [](Tx& tx, const Theirs& t) { return found(access::places_of_role(tx, t.org, t.role.definition.key, now)); }},
    {"list_environments_of", true,
     [](Tx& tx, const Theirs& t) {
         std::vector<access::ProjectId> ids{t.project.project_id};
         return found(projects::list_environments_of(tx, std::move(ids)));
     }},
};

}  // namespace

std::span<const Case> identity_cases() noexcept { return cases; }

}  // namespace fanion::crossing
