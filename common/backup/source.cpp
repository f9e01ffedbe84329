#include "common/backup/source.hpp"

#include "common/base/text.hpp"

namespace fanion::backup {
namespace {

constexpr const char* find_instance_sql = "SELECT to_regclass('fanion.instance') IS NOT NULL";
constexpr const char* may_read_all_sql =
    "SELECT r.rolsuper OR (r.rolbypassrls AND (SELECT bool_and(has_table_privilege(c.oid, 'SELECT')) FROM pg_class c "
    "WHERE c.relnamespace = 'fanion'::regnamespace AND c.relkind IN ('r', 'p'))), current_user "
    "FROM pg_roles r WHERE r.rolname = current_user";
constexpr const char* begin_sql = "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY";
constexpr const char* no_limits_sql =
    "SELECT set_config('idle_in_transaction_session_timeout', '0', true), set_config('statement_timeout', '0', true)";
constexpr const char* facts_sql =
    "SELECT i.iss, i.epoch, (SELECT max(version) FROM fanion.schema_migrations), pg_get_userbyid(n.nspowner) "
    "FROM fanion.instance i, pg_namespace n WHERE n.nspname = 'fanion'";
constexpr const char* extensions_sql = "SELECT extname FROM pg_extension WHERE extname = 'pg_trgm'";
constexpr const char* tables_sql =
    "SELECT n.nspname || '.' || c.relname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace "
    "WHERE n.nspname IN ('fanion', 'fanion_days') AND c.relkind = 'r' ORDER BY 1";
constexpr const char* environments_sql =
    "SELECT e.env_id, o.key || '/' || p.key || '/' || e.key, e.epoch || '.' || e.version, m.full_line0, "
    "m.full_manifest FROM fanion.environments e JOIN fanion.manifests m USING (env_id, epoch, version) "
    "JOIN fanion.orgs o ON o.org_id = e.org_id JOIN fanion.projects p ON p.project_id = e.project_id "
    "WHERE o.deleted_at IS NULL AND p.deleted_at IS NULL AND e.deleted_at IS NULL ORDER BY 2";
constexpr const char* items_sql =
    "SELECT item_key, body FROM fanion.items WHERE env_id = $1 ORDER BY item_key COLLATE \"C\"";

std::string text_of(const Row& row, std::size_t column) { return row[column].value_or(""); }

}  // namespace

Result<> check_source(Database& database) {
    const auto found = database.value(find_instance_sql);
    if (!found) return found.error();
    if (*found != "t") return Error{Errc::conflict, database.shown() + " has no tables of Fanion"};
    const auto rows = database.query(may_read_all_sql);
    if (!rows) return rows.error();
    if (!rows->empty() && text_of(rows->front(), 0) == "t") return {};
    const auto role = rows->empty() ? std::string() : text_of(rows->front(), 1);
    return Error{
        Errc::forbidden,
        database.shown() + ": the role \"" + role +
            "\" cannot read the rows of all organisations; as a superuser, once: CREATE ROLE fanion_backup "
            "LOGIN BYPASSRLS PASSWORD '..'; GRANT pg_read_all_data TO fanion_backup; and back up as that role"};
}

Result<std::string> begin_snapshot(Database& database) {
    if (auto begun = database.query(begin_sql); !begun) return begun.error();
    if (auto lifted = database.query(no_limits_sql); !lifted) return lifted.error();
    return database.value("SELECT pg_export_snapshot()");
}

Result<> read_facts(Database& database, Manifest& manifest) {
    const auto facts = database.query(facts_sql);
    if (!facts) return facts.error();
    if (facts->empty()) return Error{Errc::conflict, database.shown() + " is empty: no control plane has used it yet"};
    const auto& row = facts->front();
    manifest.iss = text_of(row, 0);
    manifest.epoch = parse_u64(text_of(row, 1)).value_or(0);
    manifest.schema = parse_u64(text_of(row, 2)).value_or(0);
    manifest.owner = text_of(row, 3);
    manifest.server = database.server_version();
    const auto extensions = database.query(extensions_sql);
    if (!extensions) return extensions.error();
    for (const auto& extension : *extensions) manifest.extensions.push_back(text_of(extension, 0));
    return {};
}

Result<std::map<std::string, std::uint64_t>> count_rows(Database& database) {
    const auto tables = database.query(tables_sql);
    if (!tables) return tables.error();
    std::map<std::string, std::uint64_t> rows;
    for (const auto& table : *tables) {
        const auto name = text_of(table, 0);
        const auto dot = name.find('.');
        const auto count = database.value("SELECT count(*) FROM " + quote_name(name.substr(0, dot)) + "." +
                                          quote_name(name.substr(dot + 1)));
        if (!count) return count.error();
        rows[name] = parse_u64(*count).value_or(0);
    }
    return rows;
}

Result<> read_rulesets(Database& database, const std::function<Result<>(StoredRuleset)>& take) {
    const auto environments = database.query(environments_sql);
    if (!environments) return environments.error();
    for (const auto& row : *environments) {
        StoredRuleset ruleset{text_of(row, 0), text_of(row, 1), text_of(row, 2), ""};
        ruleset.bytes = text_of(row, 3) + "\n" + text_of(row, 4) + "\n";
        auto read = database.each(items_sql, {ruleset.env_id}, [&ruleset](const Row& item) -> Result<> {
            ruleset.bytes += text_of(item, 0) + "\t" + text_of(item, 1) + "\n";
            return {};
        });
        if (!read) return read;
        if (auto taken = take(std::move(ruleset)); !taken) return taken;
    }
    return {};
}

}  // namespace fanion::backup
