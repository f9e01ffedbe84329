#include "control-plane/flags/flag_store.hpp"

#include <algorithm>
#include <unordered_map>

#include "common/base/ids.hpp"
#include "common/json/reader.hpp"
#include "common/model/json.hpp"
#include "control-plane/body/json_text.hpp"

namespace fanion::cp::flags {
namespace {

using boost::asio::awaitable;

std::vector<model::Variation> parse_variations(std::string_view text) {
    return body::read_stored("{\"variations\":" + std::string(text) + "}",
                             [](json::Reader& r) { return model::read_variations(r, "variations"); });
}

std::string variations_json(const std::vector<model::Variation>& variations) {
    return body::text_of([&](json::Writer& w) { model::write_variations(w, variations); });
}

model::FlagConfig parse_config(std::string_view text) {
    return body::read_stored(text,
                             [](json::Reader& r) { return model::read_flag_config(r, json::UnknownFields::ignore); });
}

std::size_t place_in(const std::vector<access::EnvironmentId>& environments, std::string_view env_id) {
    const auto is_it = [&](const access::EnvironmentId& one) { return one.str() == env_id; };
    return static_cast<std::size_t>(std::find_if(environments.begin(), environments.end(), is_it) -
                                    environments.begin());
}

std::optional<std::string> lifetime_name(const FlagDefinition& definition) {
    if (!definition.lifetime) return std::nullopt;
    return std::string(name_of(*definition.lifetime));
}

}  // namespace

Flag to_flag(db::Row row) {
    Flag flag;
    flag.flag_id = access::FlagId(row.string(0));
    auto& d = flag.definition;
    d.key = row.string(1);
    d.type = parse_flag_type(row.text(2)).value_or(model::FlagType::boolean);
    d.name = row.string(3);
    d.description = row.string(4);
    d.tags = row.texts(5);
    d.owner = row.string(6);
    d.salt = row.string(7);
    d.client = row.boolean(8);
    d.track = row.boolean(9);
    d.variations = parse_variations(row.text(10));
    d.version = row.u64(11);
    d.created_at = row.time(12);
    d.updated_at = row.time(13);
    d.archived = row.boolean(14);
    flag.is_deleted = row.boolean(15);
    if (const auto lifetime = row.optional_text(16)) d.lifetime = parse_lifetime(*lifetime);
    return flag;
}

// A page that fits, as nearly all do: the descriptions and variations, which can be long, are null if they exceed $4 bytes.
constexpr db::Statement list_flags_sql{
    "list_flags",
    "WITH page AS MATERIALIZED (SELECT sum(octet_length(f.variations) + octet_length(f.description)) <= $4 AS fits "
    "FROM "
    "(SELECT variations, description FROM flags WHERE project_id = $1 AND deleted_at IS NULL "
    "AND key COLLATE \"C\" > $2 ORDER BY key COLLATE \"C\" LIMIT $3) f) "
    "SELECT flag_id, key, type, name, CASE WHEN (SELECT fits FROM page) THEN description END, tags, owner, salt, "
    "client, "
    "track, CASE WHEN (SELECT fits FROM page) THEN variations END, version, created_at, updated_at, "
    "archived_at IS NOT NULL, deleted_at IS NOT NULL, lifetime FROM flags "
    "WHERE project_id = $1 AND deleted_at IS NULL AND key COLLATE \"C\" > $2 ORDER BY key COLLATE \"C\" LIMIT $3"};

// `had` are the bytes of the flags before: the first one is always on the page.
constexpr db::Statement list_flags_in_bytes_sql{
    "list_flags_in_bytes",
    "WITH page AS (SELECT *, octet_length(variations) + octet_length(description) AS bytes FROM flags "
    "WHERE project_id = $1 AND deleted_at IS NULL AND key COLLATE \"C\" > $2 "
    "ORDER BY key COLLATE \"C\" LIMIT $3), "
    "sized AS (SELECT *, sum(bytes) OVER (ORDER BY key COLLATE \"C\") - bytes AS had FROM page) "
    "SELECT flag_id, key, type, name, description, tags, owner, salt, client, track, variations, version, created_at, "
    "updated_at, archived_at IS NOT NULL, deleted_at IS NOT NULL, lifetime, (SELECT count(*) FROM page) FROM sized "
    "WHERE had < $4 ORDER BY key COLLATE \"C\""};

namespace {

items::FoundPage<Flag> to_page(const db::Rows& rows, std::size_t present, std::size_t limit) {
    items::FoundPage<Flag> found;
    for (const auto row : rows) {
        if (found.rows.size() == limit) break;
        found.rows.push_back(to_flag(row));
    }
    found.has_more = present > found.rows.size();
    return found;
}

}  // namespace

awaitable<items::FoundPage<Flag>> list_flags(db::Transaction& tx, access::ProjectId project_id, items::ItemPage page) {
    const auto rows = co_await tx.run(list_flags_sql, project_id, page.after, page.limit + 1, items::page_bytes);
    if (rows.empty() || !rows[0].is_null(10)) co_return to_page(rows, rows.size(), page.limit);
    const auto first =
        co_await tx.run(list_flags_in_bytes_sql, project_id, page.after, page.limit + 1, items::page_bytes);
    co_return to_page(first, first[0].u64(17), page.limit);
}

constexpr db::Statement configured_states_sql{
    "configured_states", "SELECT flag_id, env_id, enabled, version FROM flag_configs WHERE flag_id = ANY ($1::text[])"};

awaitable<std::vector<std::vector<ConfiguredState>>> configured_states(
    db::Transaction& tx, const std::vector<Flag>& flags, const std::vector<access::EnvironmentId>& environments) {
    std::vector<std::string> ids;
    std::unordered_map<std::string_view, std::size_t> places;
    for (const auto& flag : flags) {
        places.emplace(flag.flag_id.str(), ids.size());
        ids.push_back(flag.flag_id.str());
    }
    const auto rows = co_await tx.run(configured_states_sql, ids);
    std::vector<std::vector<ConfiguredState>> found(flags.size(), std::vector<ConfiguredState>(environments.size()));
    for (const auto row : rows) {
        const auto env = place_in(environments, row.text(1));
        if (env < environments.size()) found[places.at(row.text(0))][env] = {row.boolean(2), row.u64(3)};
    }
    co_return found;
}

constexpr db::Statement last_evaluations_sql{
    "last_evaluations",
    "SELECT flag, env_id, max(last_at) FROM flag_answers "
    "WHERE env_id = ANY ($1::text[]) AND flag = ANY ($2::text[]) GROUP BY 1, 2"};

awaitable<std::vector<std::vector<std::optional<UnixMillis>>>> last_evaluations(
    db::Transaction& tx, const std::vector<Flag>& flags, const std::vector<access::EnvironmentId>& environments) {
    std::vector<std::string> keys;
    std::unordered_map<std::string_view, std::size_t> places;
    for (const auto& flag : flags) {
        places.emplace(flag.definition.key, keys.size());
        keys.push_back(flag.definition.key);
    }
    const auto rows = co_await tx.run(last_evaluations_sql, environments, keys);
    std::vector<std::vector<std::optional<UnixMillis>>> found(
        flags.size(), std::vector<std::optional<UnixMillis>>(environments.size()));
    for (const auto row : rows) {
        const auto env = place_in(environments, row.text(1));
        if (env < environments.size()) found[places.at(row.text(0))][env] = row.time(2);
    }
    co_return found;
}

constexpr db::Statement find_flag_sql{
    "find_flag",
    "SELECT flag_id, key, type, name, description, tags, owner, salt, client, track, variations, version, created_at, "
    "updated_at, archived_at IS NOT NULL, deleted_at IS NOT NULL, lifetime FROM flags WHERE project_id = $1 AND key = "
    "$2"};

awaitable<std::optional<Flag>> find_flag(db::Transaction& tx, access::ProjectId project_id, std::string key) {
    const auto rows = co_await tx.run(find_flag_sql, project_id, key);
    if (rows.empty()) co_return std::nullopt;
    co_return to_flag(rows[0]);
}

constexpr db::Statement insert_flag_sql{
    "insert_flag",
    "INSERT INTO flags (flag_id, org_id, project_id, key, type, name, description, tags, owner, salt, client, track, "
    "variations, created_at, updated_at, lifetime) "
    "VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $14, $15)"};

awaitable<Flag> insert_flag(db::Transaction& tx, access::OrgId org_id, access::ProjectId project_id,
                            const FlagDefinition& definition) {
    Flag flag{access::FlagId(random_id("f_")), definition, false};
    const auto& d = flag.definition;
    co_await tx.run(insert_flag_sql, flag.flag_id, org_id, project_id, d.key, model::name_of(d.type), d.name,
                    d.description, d.tags, d.owner, d.salt, d.client, d.track, variations_json(d.variations),
                    db::Time{d.created_at}, lifetime_name(d));
    co_return flag;
}

constexpr db::Statement update_flag_sql{
    "update_flag",
    "UPDATE flags SET name = $2, description = $3, tags = $4, owner = $5, client = $6, track = $7, variations = $8, "
    "version = $9, updated_at = $10::timestamptz, "
    "archived_at = CASE WHEN $11::boolean THEN coalesce(archived_at, $10::timestamptz) END, lifetime = $12 "
    "WHERE flag_id = $1"};

awaitable<void> update_flag(db::Transaction& tx, const Flag& flag) {
    const auto& d = flag.definition;
    co_await tx.run(update_flag_sql, flag.flag_id, d.name, d.description, d.tags, d.owner, d.client, d.track,
                    variations_json(d.variations), d.version, db::Time{d.updated_at}, d.archived, lifetime_name(d));
}

constexpr db::Statement delete_flag_sql{"delete_flag", "UPDATE flags SET deleted_at = $2 WHERE flag_id = $1"};

awaitable<void> delete_flag(db::Transaction& tx, const Flag& flag, UnixMillis now) {
    co_await tx.run(delete_flag_sql, flag.flag_id, db::Time{now});
}

constexpr db::Statement find_flag_config_sql{
    "find_flag_config",
    "SELECT e.key, c.config, c.version, c.updated_at FROM flag_configs c JOIN environments e USING (env_id) "
    "WHERE c.flag_id = $1 AND c.env_id = $2"};

awaitable<std::optional<FlagEnvironment>> find_flag_config(db::Transaction& tx, const Flag& flag,
                                                           access::EnvironmentId env_id) {
    const auto rows = co_await tx.run(find_flag_config_sql, flag.flag_id, env_id);
    if (rows.empty()) co_return std::nullopt;
    const auto row = rows[0];
    co_return FlagEnvironment{row.string(0), parse_config(row.text(1)), row.u64(2), row.time(3)};
}

constexpr db::Statement find_configured_flag_sql{
    "find_configured_flag",
    "SELECT f.flag_id, f.key, f.type, f.name, f.description, f.tags, f.owner, f.salt, f.client, f.track, f.variations, "
    "f.version, f.created_at, f.updated_at, f.archived_at IS NOT NULL, f.deleted_at IS NOT NULL, f.lifetime, c.config, "
    "c.version, c.updated_at FROM flags f JOIN flag_configs c ON c.flag_id = f.flag_id AND c.env_id = $3 "
    "WHERE f.project_id = $1 AND f.key = $2"};

awaitable<std::optional<ConfiguredFlag>> find_configured_flag(db::Transaction& tx, const projects::Environment& env,
                                                              std::string key) {
    const auto rows = co_await tx.run(find_configured_flag_sql, env.project_id, key, env.env_id);
    if (rows.empty()) co_return std::nullopt;
    const auto row = rows[0];
    co_return ConfiguredFlag{to_flag(row), {env.key, parse_config(row.text(17)), row.u64(18), row.time(19)}};
}

constexpr db::Statement put_flag_config_sql{
    "put_flag_config",
    "INSERT INTO flag_configs (flag_id, env_id, org_id, version, enabled, config, updated_at, updated_by, share) "
    "VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9) ON CONFLICT (flag_id, env_id) DO UPDATE "
    "SET version = $4, enabled = $5, config = $6, updated_at = $7, updated_by = $8, share = $9"};

awaitable<void> put_flag_config(db::Transaction& tx, const Flag& flag, const projects::LockedEnvironment& env,
                                const FlagEnvironment& config, std::string updated_by) {
    tx.post(put_flag_config_sql, flag.flag_id, env.env_id, env.org_id, config.version, config.config.enabled,
            config_json(config.config), db::Time{config.updated_at}, updated_by, share_of(config.config));
    co_return;
}

}  // namespace fanion::cp::flags
