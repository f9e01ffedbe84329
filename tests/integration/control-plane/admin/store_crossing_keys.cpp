#include "control-plane/keys/upkeep_store.hpp"
#include "tests/integration/control-plane/admin/store_crossing.hpp"

namespace fanion::crossing {
namespace {

const Case upkeep_table[] = {
    {"find_upkeep", true, [](Tx& tx, const Theirs& t) { return found(keys::find_upkeep(tx, t.env.env_id)); }},
    {"end_upkeep", false, [](Tx& tx, const Theirs& t) { return written(keys::end_upkeep(tx, t.env.env_id, 1)); }},
    {"postpone_upkeep", false,
     [](Tx& tx, const Theirs& t) { return written(keys::postpone_upkeep(tx, t.env.env_id, 1)); }},
    {"lock_wide_relay_keys", false,
     [](Tx& tx, const Theirs& t) { return written(keys::lock_wide_relay_keys(tx, t.org)); }},
    {"relay_key_changes", true,
     [](Tx& tx, const Theirs& t) {
         return found(keys::relay_key_changes(tx, t.org, t.project.project_id, t.env.env_id));
     }},
};

}  // namespace

std::span<const Case> upkeep_cases() noexcept { return upkeep_table; }

}  // namespace fanion::crossing
