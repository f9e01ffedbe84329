#include "control-plane/events/count_store.hpp"
#include "control-plane/rollouts/policy_store.hpp"
#include "control-plane/rollouts/rollout_store.hpp"
#include "control-plane/rollouts/source_store.hpp"
#include "tests/integration/control-plane/admin/store_crossing.hpp"

namespace fanion::crossing {
namespace {

rollouts::Rollout planted_rollout(const Theirs& t) {
    rollouts::Rollout planted;
    planted.rollout_id = rollouts::RolloutId("ro_planted");
    planted.env_id = t.env.env_id;
    planted.plan.flag = "planted";
    planted.plan.steps = {{100'000, 0, 0, false}};
    planted.created_at = planted.updated_at = now;
    return planted;
}

rollouts::LeasedRollout lease_of(const Theirs& t) { return {t.org, t.rollout, 0}; }

const Case rollout_table[] = {
    // events
    {"count_matching", true,
     [](Tx& tx, const Theirs& t) -> Found {
         events::CountedQuery query{t.org, t.env.env_id, "f", 0, now * 2};
         const auto counted = co_await events::count_matching(tx, std::move(query));
         co_return counted.all > 0;
     }},
    // rollouts
    {"list_rollouts", true,
     [](Tx& tx, const Theirs& t) -> Found {
         rollouts::RolloutPage page;
         const auto listed = co_await rollouts::list_rollouts(tx, t.env.env_id, std::move(page));
         co_return !listed.empty();
     }},
    {"find_rollout", true,
     [](Tx& tx, const Theirs& t) { return found(rollouts::find_rollout(tx, t.env.env_id, t.rollout)); }},
    {"lock_rollout", true,
     [](Tx& tx, const Theirs& t) { return found(rollouts::lock_rollout(tx, t.env.env_id, t.rollout)); }},
    {"count_open_rollouts", true,
     [](Tx& tx, const Theirs& t) { return found(rollouts::count_open_rollouts(tx, t.org)); }},
    {"find_open_rollout", true,
     [](Tx& tx, const Theirs& t) { return found(rollouts::find_open_rollout(tx, t.env.env_id, "staged", "")); }},
    {"count_attempts", true,
     [](Tx& tx, const Theirs& t) -> Found {
         rollouts::Plan plan;
         plan.flag = "staged";
         plan.from = "off";
         plan.to = "on";
         const auto attempts = co_await rollouts::count_attempts(tx, t.env.env_id, std::move(plan));
         co_return attempts > 0;
     }},
    {"insert_rollout", false,
     [](Tx& tx, const Theirs& t) -> Found {
         auto planted = planted_rollout(t);
         co_await rollouts::insert_rollout(tx, t.org, planted);
         co_return false;
     }},
    {"update_rollout", false,
     [](Tx& tx, const Theirs& t) -> Found {
         auto changed = planted_rollout(t);
         changed.rollout_id = t.rollout;
         co_await rollouts::update_rollout(tx, changed);
         co_return false;
     }},
    {"update_plan", false,
     [](Tx& tx, const Theirs& t) -> Found {
         auto changed = planted_rollout(t);
         co_await rollouts::update_plan(tx, t.rollout, std::move(changed.plan));
         co_return false;
     }},
    {"insert_decision", false,
     [](Tx& tx, const Theirs& t) -> Found {
         rollouts::TakenDecision planted{99, now, "advance", "step", "", 1, "{}"};
         co_await rollouts::insert_decision(tx, t.org, t.rollout, std::move(planted));
         co_return false;
     }},
    {"list_decisions", true,
     [](Tx& tx, const Theirs& t) { return found(rollouts::list_decisions(tx, t.rollout, 10)); }},
    {"find_leased", true, [](Tx& tx, const Theirs& t) { return found(rollouts::find_leased(tx, lease_of(t))); }},
    {"lock_leased", true, [](Tx& tx, const Theirs& t) { return found(rollouts::lock_leased(tx, lease_of(t))); }},
    {"list_sources", true, [](Tx& tx, const Theirs& t) { return found(rollouts::list_sources(tx, t.org, "", 10)); }},
    {"count_sources", true, [](Tx& tx, const Theirs& t) { return found(rollouts::count_sources(tx, t.org)); }},
    {"find_source", true, [](Tx& tx, const Theirs& t) { return found(rollouts::find_source(tx, t.org, "main")); }},
    {"lock_source", true, [](Tx& tx, const Theirs& t) { return found(rollouts::lock_source(tx, t.org, "main")); }},
    {"put_source", false,
     [](Tx& tx, const Theirs& t) -> Found {
         rollouts::StoredSource planted;
         planted.source.key = "main";
         planted.source.url = "https://planted.example";
         planted.source.created_at = planted.source.updated_at = now;
         co_await rollouts::put_source(tx, t.org, std::move(planted));
         co_return false;
     }},
    {"delete_source", false,
     [](Tx& tx, const Theirs& t) { return written(rollouts::delete_source(tx, t.org, "main")); }},
    {"list_policies", true,
     [](Tx& tx, const Theirs& t) { return found(rollouts::list_policies(tx, t.env.project_id, "", 10)); }},
    {"count_policies", true,
     [](Tx& tx, const Theirs& t) { return found(rollouts::count_policies(tx, t.env.project_id)); }},
    {"find_policy", true,
     [](Tx& tx, const Theirs& t) { return found(rollouts::find_policy(tx, t.env.project_id, "main")); }},
    {"put_policy", false,
     [](Tx& tx, const Theirs& t) -> Found {
         rollouts::Policy planted;
         planted.key = "main";
         planted.created_at = planted.updated_at = now;
         co_await rollouts::put_policy(tx, t.org, t.env.project_id, std::move(planted));
         co_return false;
     }},
    {"delete_policy", false,
     [](Tx& tx, const Theirs& t) { return written(rollouts::delete_policy(tx, t.env.project_id, "main")); }},
    {"is_source_used", true,
     [](Tx& tx, const Theirs& t) { return found(rollouts::is_source_used(tx, t.org, "main")); }},
};

}  // namespace

std::span<const Case> rollout_cases() noexcept { return rollout_table; }

}  // namespace fanion::crossing
