#include "control-plane/sinks/outbox_store.hpp"

#include <utility>

#include "common/base/crypto.hpp"

namespace fanion::cp::sinks {

using boost::asio::awaitable;

constexpr db::Statement add_to_outbox_sql{
    "add_to_sink_outbox",
    "INSERT INTO sink_outbox (sink, org_id, batch_id, encoding, unpacked, body) "
    "SELECT s.sink, $1, b.batch_id, b.encoding, b.unpacked, b.body FROM unnest($2::text[]) AS s (sink) "
    "CROSS JOIN unnest($3::text[], $4::text[], $5::bigint[], $6::bytea[]) WITH ORDINALITY "
    "AS b (batch_id, encoding, unpacked, body, place) ORDER BY s.sink, b.place"};

awaitable<void> add_to_outbox(db::Transaction& tx, const std::vector<std::string>& sinks, access::OrgId org_id,
                              std::vector<const SentBatch*> batches) {
    if (sinks.empty() || batches.empty()) co_return;
    std::vector<std::string> ids, encodings, bodies;
    std::vector<std::int64_t> unpacked;
    for (const auto* batch : batches) {
        ids.push_back(batch->batch_id);
        encodings.emplace_back(name_of(batch->encoding));
        unpacked.push_back(static_cast<std::int64_t>(batch->unpacked_bytes));
        bodies.push_back("\\x" + to_hex(batch->body));
    }
    co_await tx.run(add_to_outbox_sql, org_id, sinks, ids, encodings, unpacked, bodies);
}

constexpr db::Statement lease_sink_sql{
    "lease_sink",
    "INSERT INTO sinks AS s (sink, leased_by, leased_until) VALUES ($1, $2, now() + $3 * interval '1 millisecond') "
    "ON CONFLICT (sink) DO UPDATE SET leased_by = excluded.leased_by, leased_until = excluded.leased_until "
    "WHERE s.leased_by = excluded.leased_by OR s.leased_until <= now() RETURNING sink"};

awaitable<bool> lease_sink(db::Pool& pool, std::string sink, std::string holder, std::chrono::milliseconds lease) {
    auto scope = db::Scope::none();
    const auto rows =
        co_await pool.run_once(std::move(scope), lease_sink_sql, sink, holder, static_cast<double>(lease.count()));
    co_return rows.size() == 1;
}

constexpr db::Statement next_batches_sql{
    "next_sink_batches",
    "SELECT position, org_id, batch_id, received_at, encoding, body FROM next_sink_batches($1, $2, $3)"};

awaitable<std::vector<WaitingBatch>> next_batches(db::Pool& pool, std::string sink, std::size_t at_most,
                                                  std::size_t most_bytes) {
    auto scope = db::Scope::none();
    const auto rows = co_await pool.run_once(std::move(scope), next_batches_sql, sink, at_most, most_bytes);
    std::vector<WaitingBatch> found;
    for (const auto row : rows) {
        found.push_back(
            {row.i64(0), access::OrgId(row.string(1)), row.string(2), row.time(3), row.string(4), row.bytes(5)});
    }
    co_return found;
}

constexpr db::Statement find_places_sql{"sink_environments",
                                        "SELECT env_id, org_key, project_key, env_key FROM sink_environments($1)"};

awaitable<Places> find_places(db::Pool& pool, std::vector<access::EnvironmentId> env_ids) {
    auto scope = db::Scope::none();
    const auto rows = co_await pool.run_once(std::move(scope), find_places_sql, env_ids);
    Places places;
    for (const auto row : rows)
        places.emplace(access::EnvironmentId(row.string(0)), Place{row.string(1), row.string(2), row.string(3)});
    co_return places;
}

constexpr db::Statement delete_batches_sql{"delete_sink_batches", "SELECT delete_sink_batches($1, $2)"};

awaitable<void> delete_batches(db::Pool& pool, std::string sink, std::vector<std::int64_t> positions) {
    auto scope = db::Scope::none();
    co_await pool.run_once(std::move(scope), delete_batches_sql, sink, positions);
}

constexpr db::Statement trim_outbox_sql{"trim_sink_outbox", "SELECT trim_sink_outbox($1, $2, $3)"};

awaitable<std::uint64_t> trim_outbox(db::Pool& pool, std::string sink, std::uint64_t most_bytes) {
    auto scope = db::Scope::none();
    const auto rows = co_await pool.run_once(std::move(scope), trim_outbox_sql, sink, most_bytes, days_kept);
    co_return rows[0].u64(0);
}

constexpr db::Statement sink_backlog_sql{"sink_backlog", "SELECT batches, bytes, oldest_seconds FROM sink_backlog($1)"};

awaitable<Backlog> read_backlog(db::Pool& pool, std::string sink) {
    auto scope = db::Scope::none();
    const auto rows = co_await pool.run_once(std::move(scope), sink_backlog_sql, sink);
    co_return Backlog{rows[0].u64(0), rows[0].u64(1), rows[0].f64(2)};
}

constexpr db::Statement purge_sinks_sql{"purge_sinks", "SELECT purge_sinks($1)"};

awaitable<void> purge_outbox(db::Pool& pool) {
    auto scope = db::Scope::none();
    co_await pool.run_once(std::move(scope), purge_sinks_sql, days_kept + 1);
}

}  // namespace fanion::cp::sinks
