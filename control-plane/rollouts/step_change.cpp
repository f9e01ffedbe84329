#include "control-plane/rollouts/step_change.hpp"

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "control-plane/audit/audit_store.hpp"
#include "control-plane/flags/flag_store.hpp"
#include "control-plane/items/item_body.hpp"
#include "control-plane/projects/deletion_store.hpp"
#include "control-plane/projects/environment_store.hpp"
#include "control-plane/publish/history_store.hpp"
#include "control-plane/rollouts/decide.hpp"
#include "control-plane/rollouts/shares.hpp"

namespace fanion::cp::rollouts {
namespace {

using boost::asio::awaitable;

audit::Action action_of(Action action) noexcept {
    switch (action) {
        case Action::advance:
            return audit::Action::rollout_stepped;
        case Action::complete:
            return audit::Action::rollout_completed;
        case Action::resume:
            return audit::Action::rollout_resumed;
        case Action::hold:
        case Action::rollback:
        case Action::turn_off:
            return audit::Action::rollout_stopped;
        case Action::cancel:
            return audit::Action::rollout_cancelled;
        case Action::wait:
        case Action::alert:
            break;
    }
    return audit::Action::rollout_updated;
}

// The configuration that a decision makes of the present one.
model::FlagConfig config_after(const Plan& plan, const Decided& decided, model::FlagConfig config) {
    const auto action = decided.decision.action;
    if (action == Action::turn_off) config.enabled = false;
    if (action != Action::advance && action != Action::complete && action != Action::rollback) return config;
    const auto* present = served_by(plan, config);
    if (present == nullptr) return config;
    auto serve = with_share(plan, *present, decided.progress.share);
    set_served(plan, config, std::move(serve));
    return config;
}

class StepChange {
public:
    StepChange(const ChangeDeps& deps, db::Transaction tx, projects::LockedEnvironment env, LeasedRollout leased,
               const Look& look, Decided decided)
        : deps_(deps),
          tx_(std::move(tx)),
          env_(std::move(env)),
          leased_(std::move(leased)),
          before_(look.placed.rollout),
          after_(look.placed.rollout),
          look_(look),
          decided_(std::move(decided)),
          now_(deps.clock.now()) {
        after_.progress = decided_.progress;
        after_.looked_at = now_;
        after_.last_evidence = evidence_text(look.evidence);
    }

    awaitable<Result<bool>> make() {
        const bool is_mine = co_await lock_leased(tx_, leased_);
        if (!is_mine) co_return false;
        const bool is_same = co_await load_flag();
        if (!is_same) {
            before_.due_at = now_;
            co_await update_rollout(tx_, before_);
            co_await tx_.commit();
            co_return false;
        }
        if (decided_.decision.action == Action::wait) {
            after_.due_at = next_look(after_.plan, after_.progress, now_);
            co_await update_rollout(tx_, after_);
            co_await tx_.commit();
            co_return true;
        }
        auto changed = co_await change_flag();
        if (!changed) co_return changed.error();
        co_await record();
        co_await tx_.commit();
        if (publication_) publication_->committed();
        co_return true;
    }

private:
    // Whether the flag is as the look found it.
    awaitable<bool> load_flag() {
        auto flag = co_await flags::find_flag(tx_, env_.project_id, after_.plan.flag);
        if (!flag || flag->is_deleted || !flags::is_in_ruleset(flag->definition)) co_return look_.flag_version == 0;
        auto config = co_await flags::find_flag_config(tx_, *flag, env_.env_id);
        if (!config || config->version != look_.flag_version) co_return false;
        flag_ = std::move(*flag);
        config_ = std::move(*config);
        co_return true;
    }

    // As PUT of the configuration would, without a person's request.
    awaitable<Result<>> change_flag() {
        if (!config_) co_return boost::system::in_place_value;
        auto wanted = config_after(after_.plan, decided_, config_->config);
        const bool is_same = wanted == config_->config;
        if (!is_same) {
            const auto& key = flag_.definition.key;
            config_before_ = flags::to_json(key, *config_);
            config_->config = std::move(wanted);
            ++config_->version;
            config_->updated_at = now_;
            config_after_ = flags::to_json(key, *config_);
            co_await flags::put_flag_config(tx_, flag_, env_, *config_, actor_id());
            std::vector<wire::ItemChange> items;
            auto body = std::make_shared<const std::string>(flags::item_body(flag_.definition, *config_));
            items.push_back({flags::item_key(flag_.definition), std::move(body)});
            // What a guard takes back reaches all relays at once.
            const auto action = decided_.decision.action;
            env_.skips_stages = action == Action::turn_off || action == Action::rollback;
            auto published = co_await deps_.publisher.publish(tx_, env_, std::move(items));
            if (!published) co_return published.error();
            publication_ = std::move(*published);
        }
        if (decided_.decision.action == Action::advance) {
            after_.progress.basis = basis_of(after_.plan, config_->config);
            after_.progress.published = wire::to_string(publication_ ? publication_->version() : env_.version);
            after_.progress.flag_version = static_cast<std::int64_t>(config_->version);
        }
        co_return boost::system::in_place_value;
    }

    std::string actor_id() const { return "rollout/" + after_.rollout_id.str(); }
    std::string place() const { return "projects/" + env_.project_key; }

    audit::AuditEntry entry(audit::Action action, std::string resource, std::string id, std::string group) const {
        audit::AuditEntry made;
        made.org_id = leased_.org_id;
        made.id = std::move(id);
        made.group = std::move(group);
        made.at = now_;
        made.actor_kind = access::ActorKind::system;
        made.actor_id = actor_id();
        made.action = action;
        made.resource = std::move(resource);
        made.comment = decided_.detail;
        if (publication_ && publication_->changed()) {
            made.published.emplace_back(env_.key, wire::to_string(publication_->version()));
        }
        return made;
    }

    awaitable<std::string> append(audit::AuditEntry made) {
        if (audit::is_slow_to_compact(made)) {
            auto work = [held = std::move(made)]() mutable {
                audit::compact_states(held);
                return std::move(held);
            };
            made = co_await deps_.blocking.compute(std::move(work));
        }
        co_return co_await audit::append_audit(tx_, std::move(made));
    }

    // The rollout, its decision, and the entries: of the rollout, and of the flag if it changed.
    awaitable<void> record() {
        after_.due_at = next_look(after_.plan, after_.progress, now_);
        after_.updated_at = now_;
        if (!is_open(after_.progress.state)) after_.ended_at = now_;
        ++after_.version;
        const auto& decision = decided_.decision;
        TakenDecision taken{++after_.decisions,
                            now_,
                            std::string(name_of(decision.action)),
                            std::string(name_of(decision.reason)),
                            decided_.detail,
                            after_.progress.step,
                            after_.last_evidence};
        co_await update_rollout(tx_, after_);
        co_await insert_decision(tx_, leased_.org_id, after_.rollout_id, taken);
        auto group = audit::new_entry_id();
        auto own = entry(action_of(decision.action),
                         place() + "/environments/" + env_.key + "/rollouts/" + after_.rollout_id.str(), group, {});
        own.before = rollout_text(before_);
        own.after = audited_text(after_, taken);
        const auto action_name = audit::name_of(own.action);
        const auto own_id = co_await append(std::move(own));
        if (config_after_.empty()) co_return;
        auto changed = entry(audit::Action::flag_configured,
                             place() + "/flags/" + flag_.definition.key + "/environments/" + env_.key, {}, group);
        changed.before = config_before_;
        changed.after = config_after_;
        co_await append(std::move(changed));
        if (!publication_ || !publication_->changed()) co_return;
        publish::VersionAuthor author{std::string(access::name_of(access::ActorKind::system)), actor_id(),
                                      std::string(action_name), decided_.detail, own_id};
        publish::record_author(tx_, leased_.org_id, env_.env_id, publication_->version(), author);
    }

    const ChangeDeps& deps_;
    db::Transaction tx_;
    projects::LockedEnvironment env_;
    LeasedRollout leased_;
    Rollout before_;
    Rollout after_;
    const Look& look_;
    Decided decided_;
    UnixMillis now_;
    flags::Flag flag_;
    std::optional<flags::FlagEnvironment> config_;
    std::string config_before_;  // JSON; empty: the flag stays as it is
    std::string config_after_;
    std::optional<publish::Publication> publication_;
};

}  // namespace

awaitable<Result<bool>> carry_out(ChangeDeps deps, LeasedRollout leased, const Look& look, Decided decided) {
    auto scope = db::Scope::tenant(leased.org_id.str());
    auto tx = co_await deps.pool.begin(std::move(scope));
    if (leased.is_environment_deleted) co_await projects::show_deleted(tx);
    auto env = co_await projects::lock_environment(tx, look.placed.project_id, look.placed.rollout.environment);
    if (!env) co_return false;
    StepChange change(deps, std::move(tx), std::move(*env), std::move(leased), look, std::move(decided));
    // Not by way of a variable: a Result<bool> that is not const would be taken for a condition.
    co_return co_await change.make();
}

}  // namespace fanion::cp::rollouts
