#include "control-plane/events/answer_store.hpp"

namespace fanion::cp::events {

using boost::asio::awaitable;

namespace {

template <class Note>
std::vector<Note> chosen(std::vector<Note> notes, const db::Rows& places) {
    std::vector<Note> found;
    found.reserve(places.size());
    for (const auto row : places) found.push_back(std::move(notes.at(static_cast<std::size_t>(row.i64(0)))));
    return found;
}

}  // namespace

// Both in the order of their primary keys, so that concurrent batches cannot deadlock. A batch that comes late changes only
// what it makes earlier or later.
constexpr db::Statement note_answers_sql{
    "note_flag_answers",
    "WITH known AS (SELECT t.* FROM unnest($2::text[], $3::text[], $4::text[], $5::bigint[], $6::bigint[]) "
    "WITH ORDINALITY AS t (env_id, flag, variation, first, last, place) "
    "JOIN environments e USING (env_id) JOIN flags f ON f.project_id = e.project_id AND f.key = t.flag "
    "AND f.deleted_at IS NULL), "
    "noted AS (INSERT INTO flag_answers AS a (org_id, env_id, flag, variation, first_at, last_at) "
    "SELECT $1, env_id, flag, variation, to_timestamp(first / 1000.0), to_timestamp(last / 1000.0) FROM known "
    "ORDER BY env_id, flag, variation ON CONFLICT (env_id, flag, variation) DO UPDATE "
    "SET first_at = least(a.first_at, excluded.first_at), last_at = greatest(a.last_at, excluded.last_at) "
    "WHERE a.last_at < excluded.last_at OR a.first_at > excluded.first_at) SELECT place - 1 FROM known"};

awaitable<std::vector<AnswerNote>> note_answers(db::Transaction& tx, access::OrgId org_id,
                                                std::vector<AnswerNote> notes) {
    if (notes.empty()) co_return notes;
    std::vector<std::string> envs, flags, variations;
    std::vector<std::int64_t> firsts, lasts;
    for (const auto& note : notes) {
        envs.push_back(note.env_id.str());
        flags.push_back(note.flag);
        variations.push_back(note.variation);
        firsts.push_back(note.first);
        lasts.push_back(note.last);
    }
    const auto rows = co_await tx.run(note_answers_sql, org_id, envs, flags, variations, firsts, lasts);
    co_return chosen(std::move(notes), rows);
}

constexpr db::Statement note_callers_sql{
    "note_flag_callers",
    "WITH known AS (SELECT t.* FROM unnest($2::text[], $3::text[], $4::text[], $5::text[], $6::bigint[]) "
    "WITH ORDINALITY AS t (env_id, flag, relay_id, sdk, last, place) "
    "JOIN environments e USING (env_id) JOIN flags f ON f.project_id = e.project_id AND f.key = t.flag "
    "AND f.deleted_at IS NULL), "
    "noted AS (INSERT INTO flag_callers AS c (org_id, env_id, flag, relay_id, sdk, last_at) "
    "SELECT $1, env_id, flag, relay_id, sdk, to_timestamp(last / 1000.0) FROM known "
    "ORDER BY env_id, flag, relay_id, sdk ON CONFLICT (env_id, flag, relay_id, sdk) DO UPDATE "
    "SET last_at = excluded.last_at WHERE c.last_at < excluded.last_at) SELECT place - 1 FROM known"};

awaitable<std::vector<CallerNote>> note_callers(db::Transaction& tx, access::OrgId org_id,
                                                std::vector<CallerNote> notes) {
    if (notes.empty()) co_return notes;
    std::vector<std::string> envs, flags, relays, sdks;
    std::vector<std::int64_t> lasts;
    for (const auto& note : notes) {
        envs.push_back(note.env_id.str());
        flags.push_back(note.flag);
        relays.push_back(note.relay);
        sdks.push_back(note.sdk);
        lasts.push_back(note.last);
    }
    const auto rows = co_await tx.run(note_callers_sql, org_id, envs, flags, relays, sdks, lasts);
    co_return chosen(std::move(notes), rows);
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
