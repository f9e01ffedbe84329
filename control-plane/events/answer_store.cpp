#include "control-plane/events/answer_store.hpp"

namespace fanion::cp::events {

using boost::asio::awaitable;

// Both in the order of their primary keys, so that concurrent batches cannot deadlock. A batch that comes late changes only
// what it makes earlier or later.
constexpr db::Statement note_answers_sql{
    "note_flag_answers",
    "INSERT INTO flag_answers AS a (org_id, env_id, flag, variation, first_at, last_at) "
    "SELECT $1, t.env_id, t.flag, t.variation, $5::timestamptz, $5 FROM (SELECT DISTINCT env_id, flag, variation "
    "FROM unnest($2::text[], $3::text[], $4::text[]) AS r (env_id, flag, variation)) t "
    "JOIN environments e USING (env_id) JOIN flags f ON f.project_id = e.project_id AND f.key = t.flag "
    "AND f.deleted_at IS NULL ORDER BY t.env_id, t.flag, t.variation ON CONFLICT (env_id, flag, variation) DO UPDATE "
    "SET first_at = least(a.first_at, excluded.first_at), last_at = greatest(a.last_at, excluded.last_at) "
    "WHERE a.last_at < excluded.last_at OR a.first_at > excluded.first_at"};

constexpr db::Statement note_callers_sql{
    "note_flag_callers",
    "INSERT INTO flag_callers AS c (org_id, env_id, flag, relay_id, sdk, last_at) "
    "SELECT $1, t.env_id, t.flag, $6::text, t.sdk, $5::timestamptz FROM (SELECT DISTINCT env_id, flag, sdk "
    "FROM unnest($2::text[], $3::text[], $4::text[]) AS r (env_id, flag, sdk)) t "
    "JOIN environments e USING (env_id) JOIN flags f ON f.project_id = e.project_id AND f.key = t.flag "
    "AND f.deleted_at IS NULL ORDER BY t.env_id, t.flag, t.sdk ON CONFLICT (env_id, flag, relay_id, sdk) DO UPDATE "
    "SET last_at = excluded.last_at WHERE c.last_at < excluded.last_at"};

awaitable<void> note_answers(db::Transaction& tx, access::OrgId org_id, std::string relay,
                             const std::vector<CountRow>& rows) {
    if (rows.empty()) co_return;
    std::vector<std::string> envs, flags, variations, sdks;
    for (const auto& row : rows) {
        envs.push_back(row.env_id.str());
        flags.push_back(row.flag);
        variations.push_back(row.variation);
        sdks.push_back(row.sdk);
    }
    const db::Time minute{rows.front().minute};
    co_await tx.run(note_answers_sql, org_id, envs, flags, variations, minute);
    co_await tx.run(note_callers_sql, org_id, envs, flags, sdks, minute, relay);
}

constexpr db::Statement list_answers_sql{
    "list_flag_answers",
    "SELECT flag, env_id, variation, first_at, last_at FROM flag_answers WHERE env_id = ANY ($1::text[]) "
    "AND flag >= $2 AND ($3::text IS NULL OR flag <= $3) ORDER BY flag, env_id, last_at DESC, variation"};

awaitable<std::vector<Answer>> list_answers(db::Transaction& tx, std::vector<access::EnvironmentId> environments,
                                            KeyRange flags) {
    const auto rows = co_await tx.run(list_answers_sql, environments, flags.first, flags.last);
    std::vector<Answer> found;
    found.reserve(rows.size());
    for (const auto row : rows)
        found.push_back({row.string(0), access::EnvironmentId(row.string(1)), row.string(2), row.time(3), row.time(4)});
    co_return found;
}

constexpr db::Statement list_callers_sql{
    "list_flag_callers",
    "SELECT env_id, relay_id, sdk, last_at FROM flag_callers WHERE env_id = ANY ($1::text[]) AND flag = $2 "
    "ORDER BY last_at DESC, env_id, relay_id, sdk LIMIT $3"};

awaitable<std::vector<FlagCaller>> list_callers(db::Transaction& tx, std::vector<access::EnvironmentId> environments,
                                                std::string flag, std::size_t at_most) {
    const auto rows = co_await tx.run(list_callers_sql, environments, flag, at_most);
    std::vector<FlagCaller> found;
    for (const auto row : rows)
        found.push_back({access::EnvironmentId(row.string(0)), row.string(1), row.string(2), row.time(3)});
    co_return found;
}

}  // namespace fanion::cp::events
