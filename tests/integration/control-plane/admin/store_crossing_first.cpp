#include "tests/integration/control-plane/admin/store_crossing.hpp"

#include "control-plane/access/assignment_store.hpp"
#include "control-plane/access/role_store.hpp"
#include "control-plane/audit/audit_store.hpp"
#include "control-plane/events/batch_store.hpp"
#include "control-plane/events/count_store.hpp"
#include "control-plane/flags/flag_store.hpp"
#include "control-plane/identity/invitation_store.hpp"
#include "control-plane/identity/user_store.hpp"

namespace fanion::crossing {
namespace {

const Case first_table[] = {
    // access
    {"list_assigned", true, [](Tx& tx, const Theirs& t) { return found(access::list_assigned(tx, t.place, "", 10)); }},
    {"find_assigned", true,
     [](Tx& tx, const Theirs& t) { return found(access::find_assigned(tx, t.place, t.member)); }},
    {"put_assignment", false,
     [](Tx& tx, const Theirs& t) { return written(access::put_assignment(tx, t.place, t.member, "viewer", now)); }},
    {"remove_assignment", false,
     [](Tx& tx, const Theirs& t) { return written(access::remove_assignment(tx, t.place, t.member)); }},
    {"grants_of_member", true,
     [](Tx& tx, const Theirs& t) { return found(access::grants_of_member(tx, t.org, t.member)); }},
    {"list_roles", true, [](Tx& tx, const Theirs& t) { return found(access::list_roles(tx, t.org, "", 10)); }},
    {"count_roles", true, [](Tx& tx, const Theirs& t) { return found(access::count_roles(tx, t.org)); }},
    {"find_role", true,
     [](Tx& tx, const Theirs& t) { return found(access::find_role(tx, t.org, t.role.definition.key)); }},
    {"lock_role", true,
     [](Tx& tx, const Theirs& t) { return found(access::lock_role(tx, t.org, t.role.definition.key)); }},
    {"insert_role", false,
     [](Tx& tx, const Theirs& t) -> Found {
         access::RoleDefinition definition{"planted", "", "", {}};
         co_await access::insert_role(tx, t.org, std::move(definition), now);
         co_return false;
     }},
    {"update_role", false,
     [](Tx& tx, const Theirs& t) -> Found {
         auto role = t.role;
         role.definition.permissions = access::Permissions::all();
         co_await access::update_role(tx, role);
         co_return false;
     }},
    {"delete_role", false,
     [](Tx& tx, const Theirs& t) -> Found {
         co_await access::remove_assignment(tx, t.place, t.member);  // else it is in use
         co_await access::delete_role(tx, t.role.role_id);
         co_return false;
     }},
    {"role_to_give", true,
     [](Tx& tx, const Theirs& t) { return found(access::role_to_give(tx, t.org, t.role.definition.key)); }},
    {"uses_of_role", true,
     [](Tx& tx, const Theirs& t) { return found(access::uses_of_role(tx, t.org, t.role.definition.key, now, 10)); }},
    // audit
    {"append_audit", false,
     [](Tx& tx, const Theirs& t) -> Found {
         audit::AuditEntry entry;
         entry.org_id = t.org;
         entry.resource = "planted";
         co_await audit::append_audit(tx, std::move(entry));
         co_return false;
     }},
    {"list_audit", true,
     [](Tx& tx, const Theirs& t) -> Found {
         audit::AuditPage page;
         const auto found = co_await audit::list_audit(tx, t.org, std::move(page));
         co_return !found.entries.empty();
     }},
    {"resource_exists", true,
     [](Tx& tx, const Theirs& t) -> Found {
         audit::ResourceNames names;
         names.project = t.project.key;
         co_return co_await audit::resource_exists(tx, t.org, std::move(names));
     }},
    // events
    {"insert_batches", false,
     [](Tx& tx, const Theirs& t) -> Found {
         const std::vector<events::BatchKey> keys{{"planted", "relay"}};
         co_await events::insert_batches(tx, t.org, keys);
         co_return false;
     }},
    {"add_counts", false,
     [](Tx& tx, const Theirs& t) -> Found {
         const std::vector<events::CountRow> rows{{t.env.env_id, "f", "planted", 1, "", "", now / 60'000 * 60'000, 1}};
         events::add_counts(tx, t.org, rows);
         co_return false;
     }},
    {"add_drops", false,
     [](Tx& tx, const Theirs& t) -> Found {
         const std::vector<events::DropNote> notes{{"planted", {1, 1, 1}}};
         events::add_drops(tx, t.org, notes);
         co_return false;
     }},
    {"total_counts", true,
     [](Tx& tx, const Theirs& t) -> Found {
         events::StatsQuery query{t.org, t.env.env_id, 0, now * 2, std::nullopt};
         const auto found = co_await events::total_counts(tx, std::move(query));
         co_return !found.empty();
     }},
    // flags
    {"list_flags", true,
     [](Tx& tx, const Theirs& t) -> Found {
         items::ItemPage page;
         const auto found = co_await flags::list_flags(tx, t.project.project_id, std::move(page));
         co_return !found.rows.empty();
     }},
    {"configured_states", true,
     [](Tx& tx, const Theirs& t) -> Found {
         const std::vector<flags::Flag> some{t.flag};
         const std::vector<access::EnvironmentId> places{t.env.env_id};
         const auto found = co_await flags::configured_states(tx, some, places);
         co_return found.front().front().version != 0;
     }},
    {"last_evaluations", true,
     [](Tx& tx, const Theirs& t) -> Found {
         const std::vector<flags::Flag> some{t.flag};
         const std::vector<access::EnvironmentId> places{t.env.env_id};
         const auto found = co_await flags::last_evaluations(tx, some, places);
         co_return found.front().front().has_value();
     }},
    {"find_flag", true,
     [](Tx& tx, const Theirs& t) { return found(flags::find_flag(tx, t.project.project_id, t.flag.definition.key)); }},
    {"insert_flag", false,
     [](Tx& tx, const Theirs& t) -> Found {
         auto planted = t.flag.definition;
         planted.key = "planted";
         co_await flags::insert_flag(tx, t.org, t.project.project_id, planted);
         co_return false;
     }},
    {"update_flag", false,
     [](Tx& tx, const Theirs& t) -> Found {
         auto flag = t.flag;
         flag.definition.name = "changed";
         co_await flags::update_flag(tx, flag);
         co_return false;
     }},
    {"delete_flag", false, [](Tx& tx, const Theirs& t) { return written(flags::delete_flag(tx, t.flag, now)); }},
    {"find_configured_flag", true,
     [](Tx& tx, const Theirs& t) { return found(flags::find_configured_flag(tx, t.env, t.flag.definition.key)); }},
    {"find_flag_config", true,
     [](Tx& tx, const Theirs& t) { return found(flags::find_flag_config(tx, t.flag, t.env.env_id)); }},
    {"put_flag_config", false,
     [](Tx& tx, const Theirs& t) -> Found {
         auto config = t.flag_config;
         config.version += 1;
         co_await flags::put_flag_config(tx, t.flag, t.env, config, t.member.str());
         co_return false;
     }},
    // identity
    {"invite", false,
     [](Tx& tx, const Theirs& t) -> Found {
         identity::NewInvitation invitation{"planted@example.com", "", access::built_in(access::Role::owner), {}};
         co_await identity::invite(tx, t.org, std::move(invitation), now);
         co_return false;
     }},
    {"list_invitations", true,
     [](Tx& tx, const Theirs& t) { return found(identity::list_invitations(tx, t.org, 0, {}, 10)); }},
    {"lock_invitation", true,
     [](Tx& tx, const Theirs& t) { return found(identity::lock_invitation(tx, t.org, t.invitation, 0)); }},
    {"lock_invitations_to", true,
     [](Tx& tx, const Theirs& t) { return found(identity::lock_invitations_to(tx, t.org, "guest@example.com", 0)); }},
    {"lock_invitations_of", true,
     [](Tx& tx, const Theirs& t) {
         return found(identity::lock_invitations_of(tx, t.org, "guest@example.com", t.member, 0));
     }},
    {"use_invitation", false,
     [](Tx& tx, const Theirs& t) { return written(identity::use_invitation(tx, t.invitation, now)); }},
    {"withdraw_invitation", false,
     [](Tx& tx, const Theirs& t) { return written(identity::withdraw_invitation(tx, t.invitation, now)); }},
    {"list_members", true, [](Tx& tx, const Theirs& t) { return found(identity::list_members(tx, t.org, "", 10)); }},
    {"find_member", true, [](Tx& tx, const Theirs& t) { return found(identity::find_member(tx, t.org, t.member)); }},
    {"find_member_by_email", true,
     [](Tx& tx, const Theirs& t) { return found(identity::find_member_by_email(tx, t.org, t.email)); }},
    {"lock_member", true, [](Tx& tx, const Theirs& t) { return found(identity::lock_member(tx, t.org, t.member)); }},
    {"insert_member", false,
     [](Tx& tx, const Theirs& t) { return written(identity::insert_member(tx, t.org, t.member, "owner", "planted")); }},
    {"set_role", false,
     [](Tx& tx, const Theirs& t) { return written(identity::set_role(tx, t.org, t.member, "owner")); }},
    {"remove_member", false,
     [](Tx& tx, const Theirs& t) { return written(identity::remove_member(tx, t.org, t.member)); }},
    {"lock_owners", true, [](Tx& tx, const Theirs& t) { return found(identity::lock_owners(tx, t.org)); }},
};

}  // namespace

std::span<const Case> first_cases() noexcept { return first_table; }

}  // namespace fanion::crossing
