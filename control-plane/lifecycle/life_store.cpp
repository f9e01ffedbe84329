#include "control-plane/lifecycle/life_store.hpp"

#include "common/json/reader.hpp"
#include "common/model/json.hpp"
#include "control-plane/body/json_text.hpp"

namespace fanion::cp::lifecycle {

using boost::asio::awaitable;

constexpr db::Statement list_live_flags_sql{
    "list_live_flags",
    "SELECT key, name, type, tags, owner, lifetime, version, created_at, updated_at FROM flags "
    "WHERE project_id = $1 AND deleted_at IS NULL AND archived_at IS NULL AND key COLLATE \"C\" > $2 "
    "AND ($3::text IS NULL OR owner = $3) ORDER BY key COLLATE \"C\" LIMIT $4"};

awaitable<std::vector<ListedFlag>> list_live_flags(db::Transaction& tx, access::ProjectId project_id, std::string after,
                                                   std::optional<std::string> owner, std::size_t at_most) {
    const auto rows = co_await tx.run(list_live_flags_sql, project_id, after, owner, at_most);
    std::vector<ListedFlag> found;
    found.reserve(rows.size());
    for (const auto row : rows) {
        auto& flag = found.emplace_back();
        flag.key = row.string(0);
        flag.name = row.string(1);
        flag.type = flags::parse_flag_type(row.text(2)).value_or(model::FlagType::boolean);
        flag.tags = row.texts(3);
        flag.owner = row.string(4);
        if (!row.is_null(5)) flag.lifetime = flags::parse_lifetime(row.text(5));
        flag.version = row.u64(6);
        flag.created_at = row.time(7);
        flag.updated_at = row.time(8);
    }
    co_return found;
}

// The configuration itself only of rows from before the column `share`.
constexpr db::Statement list_live_configs_sql{
    "list_live_configs",
    "SELECT f.key, c.env_id, c.enabled, c.share, c.version, c.updated_at, CASE WHEN c.share IS NULL THEN c.config END "
    "FROM flag_configs c JOIN flags f USING (flag_id) WHERE f.project_id = $1 AND f.deleted_at IS NULL "
    "AND f.archived_at IS NULL AND c.env_id = ANY ($2::text[]) ORDER BY f.key COLLATE \"C\""};

awaitable<std::vector<ListedConfig>> list_live_configs(db::Transaction& tx, access::ProjectId project_id,
                                                       std::vector<access::EnvironmentId> environments) {
    const auto rows = co_await tx.run(list_live_configs_sql, project_id, environments);
    const auto read_config = [](json::Reader& r) { return model::read_flag_config(r, json::UnknownFields::ignore); };
    std::vector<ListedConfig> found;
    found.reserve(rows.size());
    for (const auto row : rows) {
        auto& config = found.emplace_back();
        config.flag = row.string(0);
        config.env_id = access::EnvironmentId(row.string(1));
        config.is_enabled = row.boolean(2);
        config.share = row.is_null(3) ? flags::share_of(body::read_stored(row.text(6), read_config)) : row.f64(3);
        config.version = row.u64(4);
        config.updated_at = row.time(5);
    }
    co_return found;
}

std::vector<FlagLife> lives_of(const std::vector<ListedFlag>& listed,
                               const std::vector<projects::Environment>& environments,
                               const std::vector<events::Answer>& answers) {
    std::vector<FlagLife> lives;
    lives.reserve(listed.size());
    auto next = answers.begin();
    for (const auto& flag : listed) {
        auto& life = lives.emplace_back(FlagLife{flag.lifetime, false, flag.created_at, {}});
        for (const auto& env : environments) life.environments.push_back({env.key, env.created_at, {}});
        while (next != answers.end() && next->flag < flag.key) ++next;  // of flags that are not listed
        for (; next != answers.end() && next->flag == flag.key; ++next) {
            for (std::size_t i = 0; i < environments.size(); ++i)
                if (environments[i].env_id == next->env_id)
                    life.environments[i].seen.push_back({next->variation, next->first_at, next->last_at});
        }
    }
    return lives;
}

std::vector<access::EnvironmentId> ids_of(const std::vector<projects::Environment>& environments) {
    std::vector<access::EnvironmentId> ids;
    for (const auto& env : environments) ids.push_back(env.env_id);
    return ids;
}

}  // namespace fanion::cp::lifecycle
