#include "control-plane/rollouts/evidence.hpp"

#include <algorithm>
#include <map>
#include <utility>

#include "control-plane/events/count_store.hpp"
#include "control-plane/flags/flag_store.hpp"
#include "control-plane/projects/deletion_store.hpp"
#include "control-plane/relays/relay_status_store.hpp"
#include "control-plane/rollouts/prometheus.hpp"
#include "control-plane/rollouts/shares.hpp"
#include "control-plane/rollouts/source_store.hpp"

namespace fanion::cp::rollouts {
namespace {

using boost::asio::awaitable;
using std::chrono::steady_clock;

constexpr UnixMillis active_within = 60'000;
constexpr UnixMillis a_minute = 60'000;

GuardReading no_data(std::string detail) {
    GuardReading reading;
    reading.detail = std::move(detail);
    return reading;
}

GuardReading counted_reading(const Evaluations& guard, const events::Counted& counted) {
    if (guard.is_share && counted.all < guard.least) {
        return no_data("too few evaluations to judge: " + std::to_string(counted.all));
    }
    GuardReading reading;
    reading.has_data = true;
    const auto all = static_cast<double>(std::max<std::int64_t>(counted.all, 1));
    reading.value = static_cast<double>(counted.matching) / (guard.is_share ? all : 1);
    reading.is_over = is_over(guard.threshold, reading.value);
    return reading;
}

// What a look reads in its transaction.
class Reading {
public:
    Reading(const EvidenceDeps& deps, db::Transaction& tx, LeasedRollout leased, Look& look)
        : deps_(deps), tx_(tx), leased_(std::move(leased)), look_(look) {}

    awaitable<void> read() {
        look_.evidence.at = deps_.clock.now();
        co_await read_flag();
        co_await read_relays();
        co_await read_evaluations();
        co_await read_counted_guards();
        co_await read_sources();
    }

    const std::map<std::string, StoredSource>& sources() const noexcept { return sources_; }

private:
    const Plan& plan() const { return look_.placed.rollout.plan; }
    const Progress& progress() const { return look_.placed.rollout.progress; }

    awaitable<void> read_flag() {
        const auto flag = co_await flags::find_flag(tx_, look_.placed.project_id, plan().flag);
        std::optional<flags::FlagEnvironment> config;
        if (flag && !flag->is_deleted && flags::is_in_ruleset(flag->definition)) {
            config = co_await flags::find_flag_config(tx_, *flag, look_.placed.rollout.env_id);
        }
        look_.flag_version = config ? config->version : 0;
        look_.evidence.conflict = leased_.is_environment_deleted
                                      ? Conflict::environment_gone
                                      : conflict_of(plan(), progress(), config ? &config->config : nullptr);
    }

    awaitable<void> read_relays() {
        const auto published = wire::parse_version(progress().published);
        if (!published) co_return;
        const auto relays = co_await relays::list_relay_progress(tx_, look_.placed.rollout.env_id);
        for (const auto& relay : relays) {
            if (relay.reported_at < look_.evidence.at - active_within) continue;
            ++look_.evidence.relays;
            if (relay.version < *published) ++look_.evidence.relays_behind;
        }
    }

    events::CountedQuery query_from(UnixMillis from) const {
        return {leased_.org_id, look_.placed.rollout.env_id, plan().flag, from - from % a_minute, look_.evidence.at};
    }

    awaitable<void> read_evaluations() {
        const auto step = progress().step;
        if (step == 0 || plan().steps[step - 1].min_evaluations == 0) co_return;
        auto query = query_from(look_.placed.rollout.created_at);
        query.variation = plan().to;
        query.least_version = progress().flag_version;
        const auto counted = co_await events::count_matching(tx_, std::move(query));
        look_.evidence.evaluations = counted.matching;
    }

    awaitable<void> read_counted_guards() {
        for (const auto& guard : plan().guards) {
            const auto* counted = std::get_if<Evaluations>(&guard.measure);
            look_.evidence.guards.emplace_back();
            if (counted == nullptr) continue;
            auto query = query_from(look_.evidence.at - counted->window);
            query.variation = counted->variation;
            query.reason = counted->reason;
            const auto found = co_await events::count_matching(tx_, std::move(query));
            look_.evidence.guards.back() = counted_reading(*counted, found);
        }
    }

    awaitable<void> read_sources() {
        for (const auto& guard : plan().guards) {
            const auto& key = source_of(guard);
            if (key.empty() || sources_.contains(key)) continue;
            auto source = co_await find_source(tx_, leased_.org_id, key);
            if (source) sources_.emplace(key, std::move(*source));
        }
    }

    const EvidenceDeps& deps_;
    db::Transaction& tx_;
    LeasedRollout leased_;
    Look& look_;
    std::map<std::string, StoredSource> sources_;
};

awaitable<GuardReading> ask_burn_rate(PrometheusClient& prometheus, PrometheusQuery query, BurnRate guard) {
    query.promql = with_window(guard.error_ratio, guard.long_window);
    const auto over_long = co_await prometheus.ask(query);
    if (!over_long) co_return no_data(over_long.error().detail);
    query.promql = with_window(guard.error_ratio, guard.short_window);
    const auto over_short = co_await prometheus.ask(std::move(query));
    if (!over_short) co_return no_data(over_short.error().detail);
    co_return burn_reading(guard, *over_long, *over_short);
}

awaitable<GuardReading> ask_query(PrometheusClient& prometheus, PrometheusQuery query, Query guard) {
    query.promql = guard.promql;
    const auto value = co_await prometheus.ask(std::move(query));
    if (!value) co_return no_data(value.error().detail);
    GuardReading reading;
    reading.has_data = true;
    reading.value = *value;
    reading.is_over = is_over(guard.threshold, *value);
    co_return reading;
}

// Where a source is asked, without the query. Error: its token cannot be opened.
Result<PrometheusQuery> query_of(const SealingKeys& sealing, const access::OrgId& org_id, const StoredSource& stored) {
    PrometheusQuery query{stored.source.url, "", ""};
    if (!stored.sealed_token) return query;
    auto token = sealing.open(*stored.sealed_token, token_context(org_id.str(), stored.source.key));
    if (!token) return token.error();
    query.token = std::move(*token);
    return query;
}

awaitable<GuardReading> ask(PrometheusClient& prometheus, PrometheusQuery query, const Guard& guard) {
    if (const auto* burn = std::get_if<BurnRate>(&guard.measure)) {
        co_return co_await ask_burn_rate(prometheus, std::move(query), *burn);
    }
    co_return co_await ask_query(prometheus, std::move(query), std::get<Query>(guard.measure));
}

}  // namespace

awaitable<std::optional<Look>> look_at(EvidenceDeps deps, LeasedRollout leased) {
    Look look;
    std::map<std::string, StoredSource> sources;
    {
        auto scope = db::Scope::tenant(leased.org_id.str());
        auto tx = co_await deps.pool.begin(std::move(scope), db::Mode::snapshot);
        if (leased.is_environment_deleted) co_await projects::show_deleted(tx);
        auto placed = co_await find_leased(tx, leased);
        if (!placed) co_return std::nullopt;
        look.placed = std::move(*placed);
        Reading reading(deps, tx, leased, look);
        co_await reading.read();
        sources = reading.sources();
    }
    if (leased.is_environment_deleted) co_return look;  // whatever Prometheus would say
    const auto end = steady_clock::now() + deps.patience;
    const auto& guards = look.placed.rollout.plan.guards;
    for (std::size_t i = 0; i < guards.size(); ++i) {
        const auto& key = source_of(guards[i]);
        if (key.empty()) continue;
        auto& reading = look.evidence.guards[i];
        const auto source = sources.find(key);
        if (source == sources.end()) {
            reading = no_data("there is no Prometheus `" + key + "`");
        } else if (steady_clock::now() >= end) {
            reading = no_data("the queries before it took too long");
        } else if (auto query = query_of(deps.sealing, leased.org_id, source->second); !query) {
            reading = no_data(query.error().detail);
        } else {
            reading = co_await ask(deps.prometheus, std::move(*query), guards[i]);
        }
    }
    co_return look;
}

}  // namespace fanion::cp::rollouts
