#include "control-plane/relays/relay_status_store.hpp"

#include <cstdint>
#include <stdexcept>
#include <vector>

namespace fanion::cp::relays {

using boost::asio::awaitable;

namespace {

wire::EnvironmentState to_state(std::string_view name) {
    using State = wire::EnvironmentState;
    for (const auto state : {State::applied, State::rejected, State::quarantined, State::stale}) {
        if (wire::name_of(state) == name) return state;
    }
    throw std::logic_error("relay_status holds the unknown state '" + std::string(name) + "'");
}

}  // namespace

constexpr db::Statement write_relay_status_sql{
    "write_relay_status",
    "INSERT INTO relay_status (org_id, relay_id, boot_id, build, env_id, epoch, version, root, state, code, detail, "
    "  reported_at, path, labels, state_at, taken_version, taken_at) "
    "SELECT $1, $2, $3, $4, s.env_id, s.epoch, s.version, s.root, s.state, s.code, s.detail, "
    "  now() - $12::bigint * interval '1 millisecond', $13, $14, now() - $12::bigint * interval '1 millisecond', "
    "  s.epoch || '.' || s.version, now() - $12::bigint * interval '1 millisecond' "
    "FROM unnest($5::text[], $6::bigint[], $7::bigint[], $8::text[], $9::text[], $10::text[], $11::text[]) "
    "  AS s (env_id, epoch, version, root, state, code, detail) ORDER BY s.env_id "
    "ON CONFLICT (org_id, relay_id, env_id) DO UPDATE SET boot_id = excluded.boot_id, build = excluded.build, "
    "  epoch = excluded.epoch, version = excluded.version, root = excluded.root, state = excluded.state, "
    "  code = excluded.code, detail = excluded.detail, reported_at = excluded.reported_at, path = excluded.path, "
    "  labels = excluded.labels, state_at = CASE WHEN "
    "    (relay_status.epoch, relay_status.version, relay_status.state, relay_status.code, relay_status.boot_id) = "
    "    (excluded.epoch, excluded.version, excluded.state, excluded.code, excluded.boot_id) "
    "    THEN coalesce(relay_status.state_at, excluded.state_at) ELSE excluded.state_at END, "
    "  taken_version = CASE WHEN (relay_status.epoch, relay_status.version) = (excluded.epoch, excluded.version) "
    "    THEN relay_status.taken_version ELSE excluded.taken_version END, "
    "  taken_at = CASE WHEN (relay_status.epoch, relay_status.version) = (excluded.epoch, excluded.version) "
    "    THEN relay_status.taken_at ELSE excluded.taken_at END "
    "WHERE relay_status.reported_at <= excluded.reported_at"};

awaitable<void> write_relay_status(db::Transaction& tx, access::OrgId org_id, RelayReported status) {
    std::vector<std::string> ids, roots, states, codes, details;
    std::vector<std::int64_t> epochs, numbers;
    for (const auto& env : status.environments) {
        ids.push_back(env.env_id);
        epochs.push_back(static_cast<std::int64_t>(env.version.epoch));
        numbers.push_back(static_cast<std::int64_t>(env.version.number));
        roots.push_back(env.root ? to_hex(*env.root) : "");
        states.emplace_back(wire::name_of(env.state));
        codes.push_back(env.code);
        details.push_back(env.detail);
    }
    if (ids.empty()) co_return;
    co_await tx.run(write_relay_status_sql, org_id, status.relay, status.boot, status.build, ids, epochs, numbers,
                    roots, states, codes, details, static_cast<std::int64_t>(status.age), status.path, status.labels);
}

constexpr db::Statement write_relay_ledger_sql{
    "write_relay_ledger",
    "INSERT INTO relay_ledgers (org_id, relay_id, ledger, reported_at) "
    "VALUES ($1, $2, $3, now() - $4::bigint * interval '1 millisecond') ON CONFLICT (org_id, relay_id) DO UPDATE "
    "SET ledger = excluded.ledger, reported_at = excluded.reported_at "
    "WHERE relay_ledgers.reported_at <= excluded.reported_at"};

void write_relay_ledger(db::Transaction& tx, const access::OrgId& org_id, const RelayReported& status) {
    if (!status.events) return;
    std::string ledger;
    json::Writer w(ledger);
    wire::write_event_ledger(w, *status.events);
    tx.post(write_relay_ledger_sql, org_id, status.relay, ledger, static_cast<std::int64_t>(status.age));
}

constexpr db::Statement list_relay_progress_sql{
    "list_relay_progress",
    "SELECT relay_id, epoch, version, state, code, detail, reported_at, path, labels, coalesce(state_at, reported_at), "
    "boot_id, CASE WHEN taken_version = epoch || '.' || version THEN taken_at END FROM relay_status WHERE env_id = $1 "
    "ORDER BY relay_id COLLATE \"C\""};

awaitable<std::vector<RelayProgress>> list_relay_progress(db::Transaction& tx, access::EnvironmentId env_id) {
    const auto rows = co_await tx.run(list_relay_progress_sql, env_id);
    std::vector<RelayProgress> found;
    for (const auto row : rows) {
        found.push_back({row.string(0),
                         {row.u64(1), row.u64(2)},
                         to_state(row.text(3)),
                         row.string(4),
                         row.string(5),
                         row.time(6),
                         row.texts(7),
                         row.texts(8),
                         row.time(9),
                         row.string(10),
                         row.is_null(11) ? std::nullopt : std::optional(row.time(11))});
    }
    co_return found;
}

constexpr db::Statement list_relay_reports_sql{
    "list_relay_reports",
    "SELECT s.env_id, p.key, e.key, e.epoch, e.version, s.build, s.relay_id, s.epoch, s.version, s.state, s.code, "
    "s.detail, s.reported_at, s.path, s.labels, h.env_id IS NOT NULL, "
    "CASE WHEN h.env_id IS NOT NULL OR (e.protected AND e.staging_label IS NOT NULL) THEN "
    "coalesce(h.label, e.staging_label) = ANY (CASE WHEN s.path = '{}' THEN s.labels "
    "ELSE coalesce(top.labels, '{}') END) END FROM relay_status s JOIN environments e ON e.env_id = s.env_id "
    "JOIN projects p USING (project_id) LEFT JOIN staged_versions h ON h.env_id = e.env_id AND h.state = 'held' "
    "LEFT JOIN relay_status top ON top.org_id = s.org_id AND top.relay_id = s.path[1] AND top.env_id = s.env_id "
    "WHERE s.org_id = $1 AND (s.relay_id COLLATE \"C\", s.env_id COLLATE \"C\") > ($2, $3) "
    "ORDER BY s.relay_id COLLATE \"C\", s.env_id COLLATE \"C\" LIMIT $4"};

awaitable<std::vector<EnvironmentReport>> list_relay_reports(db::Transaction& tx, access::OrgId org_id,
                                                             ReportPage page) {
    const auto rows = co_await tx.run(list_relay_reports_sql, org_id, page.after_relay, page.after_env, page.limit);
    std::vector<EnvironmentReport> found;
    for (const auto row : rows) {
        EnvironmentReport report;
        report.env_id = access::EnvironmentId(row.string(0));
        report.project = row.string(1);
        report.environment = row.string(2);
        report.published = {row.u64(3), row.u64(4)};
        report.build = row.string(5);
        report.progress = {row.string(6),         {row.u64(7), row.u64(8)},
                           to_state(row.text(9)), row.string(10),
                           row.string(11),        row.time(12),
                           row.texts(13),         row.texts(14)};
        const bool is_held = row.boolean(15);
        if (!row.is_null(16)) report.is_canary = row.boolean(16);
        report.is_held_back = is_held && !report.is_canary.value_or(false);
        found.push_back(std::move(report));
    }
    co_return found;
}

}  // namespace fanion::cp::relays
