#include "tests/integration/control-plane/admin/store_crossing.hpp"

#include "control-plane/keys/key_store.hpp"
#include "control-plane/projects/environment_store.hpp"
#include "control-plane/projects/organisation_store.hpp"
#include "control-plane/projects/project_store.hpp"
#include "control-plane/publish/published_store.hpp"
#include "control-plane/publish/stage_store.hpp"
#include "control-plane/publish/version_store.hpp"
#include "control-plane/relays/relay_status_store.hpp"
#include "control-plane/segments/segment_store.hpp"

namespace fanion::crossing {
namespace {

const Case other_table[] = {
    // keys
    {"list_keys", true, [](Tx& tx, const Theirs& t) { return found(keys::list_keys(tx, t.key_place, "", 10)); }},
    {"find_key", true, [](Tx& tx, const Theirs& t) { return found(keys::find_key(tx, t.key_place, t.key)); }},
    {"lock_key", true, [](Tx& tx, const Theirs& t) { return found(keys::lock_key(tx, t.key_place, t.key)); }},
    {"insert_key", false,
     [](Tx& tx, const Theirs& t) -> Found {
         keys::Key key;
         key.key_id = access::KeyId("planted000");
         key.created_by = t.member.str();
         const auto hash = sha256("planted");
         co_await keys::insert_key(tx, t.key_place, key, hash);
         co_return false;
     }},
    {"revoke_key", false, [](Tx& tx, const Theirs& t) { return written(keys::revoke_key(tx, t.key, now)); }},
    {"record_key_uses", false,
     [](Tx& tx, const Theirs& t) -> Found {
         std::vector<wire::KeyUse> uses{{t.key.str(), now}};
         std::vector<access::EnvironmentId> envs{t.env.env_id};
         co_await keys::record_key_uses(tx, std::move(uses), std::move(envs), now);
         co_return false;
     }},
    // projects
    {"list_environments", true,
     [](Tx& tx, const Theirs& t) { return found(projects::list_environments(tx, t.project.project_id)); }},
    {"find_environment", true,
     [](Tx& tx, const Theirs& t) { return found(projects::find_environment(tx, t.project.project_id, t.env.key)); }},
    {"lock_environments", true,
     [](Tx& tx, const Theirs& t) { return found(projects::lock_environments(tx, t.project.project_id)); }},
    {"lock_environment", true,
     [](Tx& tx, const Theirs& t) { return found(projects::lock_environment(tx, t.project.project_id, t.env.key)); }},
    {"lock_environment_at", true,
     [](Tx& tx, const Theirs& t) { return found(projects::lock_environment_at(tx, t.org, t.project.key, t.env.key)); }},
    {"insert_environment", false,
     [](Tx& tx, const Theirs& t) -> Found {
         projects::NewEnvironment made;
         made.key = "planted";
         co_await projects::insert_environment(tx, t.org, t.project.project_id, std::move(made));
         co_return false;
     }},
    {"find_org", true, [](Tx& tx, const Theirs& t) { return found(projects::find_org(tx, t.org)); }},
    {"insert_org", false,
     [](Tx& tx, const Theirs&) -> Found {
         const access::OrgId planted("o_planted");
         co_await projects::insert_org(tx, planted, "planted", "");
         co_return false;
     }},
    {"list_projects", true,
     [](Tx& tx, const Theirs& t) -> Found {
         access::Selection selected;
         const auto found = co_await projects::list_projects(tx, t.org, std::move(selected), "", 10);
         co_return !found.empty();
     }},
    {"find_project", true,
     [](Tx& tx, const Theirs& t) { return found(projects::find_project(tx, t.org, t.project.key)); }},
    {"lock_project", true,
     [](Tx& tx, const Theirs& t) { return found(projects::lock_project(tx, t.org, t.project.key)); }},
    {"insert_project", false,
     [](Tx& tx, const Theirs& t) {
         return written(projects::insert_project(tx, t.org, {"planted", {}}));
     }},
    // publish
    {"read_items", true, [](Tx& tx, const Theirs& t) { return found(publish::read_items(tx, t.env.env_id)); }},
    {"read_signed_head", true,
     [](Tx& tx, const Theirs& t) { return found(publish::read_signed_head(tx, t.env.env_id, t.env.version)); }},
    {"read_removed", true,
     [](Tx& tx, const Theirs&) -> Found {
         std::vector<access::EnvironmentId> envs{access::EnvironmentId("e_gone")};
         const auto found = co_await publish::read_removed(tx, std::move(envs));
         co_return !found.empty();
     }},
    {"write_version", false,
     [](Tx& tx, const Theirs& t) -> Found {
         publish::NewVersion version;
         version.env_id = t.env.env_id;
         version.org_id = t.org;
         version.version = t.env.version;
         version.version.number += 1;
         publish::write_version(tx, version);
         co_return false;
     }},
    {"find_held", true, [](Tx& tx, const Theirs& t) { return found(publish::find_held(tx, t.env.env_id)); }},
    {"find_stage", true,
     [](Tx& tx, const Theirs& t) { return found(publish::find_stage(tx, t.env.env_id, t.env.version)); }},
    {"hold_version", false,
     [](Tx& tx, const Theirs& t) -> Found {
         auto version = t.env.version;
         --version.number;  // a version that all have
         publish::hold_version(tx, t.env, version, t.env.version);
         co_return false;
     }},
    {"pass_beneath", false,
     [](Tx& tx, const Theirs& t) -> Found {
         auto version = t.env.version;
         --version.number;
         publish::pass_beneath(tx, t.env, version);
         co_return false;
     }},
    {"end_hold", false,
     [](Tx& tx, const Theirs& t) -> Found {
         publish::end_hold(tx, t.env);
         co_return false;
     }},
    {"end_stage", false,
     [](Tx& tx, const Theirs& t) -> Found {
         publish::StageEnd end;
         end.reason = "planted";
         co_await publish::end_stage(tx, t.env.env_id, t.env.version, std::move(end));
         co_return false;
     }},
    // relays
    {"write_relay_status", false,
     [](Tx& tx, const Theirs& t) -> Found {
         wire::RelayBelow status;
         status.relay = "planted";
         status.environments.push_back({t.env.env_id.str(), {}, std::nullopt, wire::EnvironmentState::applied, "", ""});
         co_await relays::write_relay_status(tx, t.org, std::move(status));
         co_return false;
     }},
    {"write_relay_ledger", false,
     [](Tx& tx, const Theirs& t) -> Found {
         wire::RelayBelow status;
         status.relay = "planted";
         status.events.emplace();
         relays::write_relay_ledger(tx, t.org, status);
         co_return false;
     }},
    {"list_relay_progress", true,
     [](Tx& tx, const Theirs& t) { return found(relays::list_relay_progress(tx, t.env.env_id)); }},
    // segments
    {"list_segments", true,
     [](Tx& tx, const Theirs& t) -> Found {
         items::ItemPage page;
         const auto found = co_await segments::list_segments(tx, t.project.project_id, std::move(page));
         co_return !found.rows.empty();
     }},
    {"find_segment", true,
     [](Tx& tx, const Theirs& t) {
         return found(segments::find_segment(tx, t.project.project_id, t.segment.definition.key));
     }},
    {"insert_segment", false,
     [](Tx& tx, const Theirs& t) -> Found {
         auto planted = t.segment.definition;
         planted.key = "planted";
         co_await segments::insert_segment(tx, t.org, t.project.project_id, planted);
         co_return false;
     }},
    {"update_segment", false,
     [](Tx& tx, const Theirs& t) -> Found {
         auto segment = t.segment;
         segment.definition.name = "changed";
         co_await segments::update_segment(tx, segment);
         co_return false;
     }},
    {"delete_segment", false,
     [](Tx& tx, const Theirs& t) { return written(segments::delete_segment(tx, t.segment, now)); }},
    {"find_configured_segment", true,
     [](Tx& tx, const Theirs& t) {
         return found(segments::find_configured_segment(tx, t.env, t.segment.definition.key));
     }},
    {"find_segment_config", true,
     [](Tx& tx, const Theirs& t) { return found(segments::find_segment_config(tx, t.segment, t.env.env_id)); }},
    {"put_segment_config", false,
     [](Tx& tx, const Theirs& t) -> Found {
         auto config = t.segment_config;
         config.version += 1;
         co_await segments::put_segment_config(tx, t.segment, t.env, config, t.member.str());
         co_return false;
     }},
};

}  // namespace

std::span<const Case> other_cases() noexcept { return other_table; }

}  // namespace fanion::crossing
