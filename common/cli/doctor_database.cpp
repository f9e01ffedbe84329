#include <cstdlib>

#include "common/backup/client_programs.hpp"
#include "common/backup/database.hpp"
#include "common/base/text.hpp"
#include "common/cli/doctor.hpp"

namespace fanion::cli {
namespace {

constexpr int oldest_server = 15;  // that the tests run with
constexpr std::uint64_t known_schema = FANION_SCHEMA;

constexpr const char* settings_sql =
    "SELECT name, setting FROM pg_settings WHERE name IN ('fsync', 'full_page_writes', 'server_encoding', "
    "'default_transaction_read_only', 'synchronous_commit', 'autovacuum', 'track_counts', "
    "'standard_conforming_strings') ORDER BY name";
constexpr const char* connections_sql =
    "SELECT (SELECT count(*) FROM pg_stat_activity WHERE backend_type = 'client backend'), "
    "current_setting('max_connections')::int - current_setting('superuser_reserved_connections')::int";
constexpr const char* clock_sql = "SELECT floor(extract(epoch FROM clock_timestamp()) * 1000)::bigint";
constexpr const char* unprotected_sql =
    "SELECT string_agg(c.relname, ', ') FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid "
    "WHERE c.relnamespace = 'fanion'::regnamespace AND c.relkind IN ('r', 'p') AND a.attname = 'org_id' "
    "AND NOT a.attisdropped AND NOT (c.relrowsecurity AND c.relforcerowsecurity)";
constexpr const char* schema_sql = "SELECT max(version) FROM fanion.schema_migrations";

class DatabaseChecks {
public:
    DatabaseChecks(backup::Database& database, Checks& checks) : database_(database), checks_(checks) {}

    void version() {
        const auto text = database_.server_version();
        Check check{"database", "version", Health::ok, "PostgreSQL " + text, ""};
        if (backup::major_of(text) < oldest_server) {
            check.health = Health::failure;
            check.advice = "Upgrade to PostgreSQL " + std::to_string(oldest_server) + " or later.";
        }
        add(std::move(check));
    }
    void settings() {
        const auto rows = ask("settings", settings_sql);
        for (const auto& row : rows) add(judge_setting(row[0].value_or(""), row[1].value_or("")));
        if (const auto standby = ask("role", "SELECT pg_is_in_recovery()"); text(standby) == "t")
            add({"database", "primary", Health::failure, "this server is a standby", "Connect to the primary."});
    }
    void connections() {
        const auto rows = ask("connections", connections_sql);
        if (rows.empty()) return;
        const auto used = parse_u64(rows[0][0].value_or("")).value_or(0);
        const auto most = parse_u64(rows[0][1].value_or("")).value_or(0);
        Check check{"database", "connections", Health::ok, "", ""};
        check.found = std::to_string(used) + " of " + std::to_string(most) + " are in use";
        if (used * 10 >= most * 8) {
            check.health = Health::warning;
            check.advice = "Raise max_connections, or run fewer replicas or smaller pools.";
        }
        add(std::move(check));
    }
    void clock(UnixMillis now) {
        if (const auto theirs = parse_i64(text(ask("clock", clock_sql)))) add(judge_clock("database", *theirs - now));
    }
    void schema() {
        const auto found = ask("migrations", "SELECT to_regclass('fanion.schema_migrations') IS NOT NULL");
        if (found.empty()) return;
        if (text(found) != "t") {
            add({"database", "migrations", Health::failure, "there are no tables of Fanion",
                 "Run `fanion-control-plane migrate`, or name the right database."});
            return;
        }
        const auto rows = ask("migrations", schema_sql);
        if (rows.empty()) return;
        add(judge_schema(parse_u64(text(rows)).value_or(0), known_schema));
        Check check{"database", "row-level security", Health::ok, "is forced on every table of organisations", ""};
        if (const auto names = text(ask("row-level security", unprotected_sql)); !names.empty()) {
            check.health = Health::failure;
            check.found = "is not forced on " + names;
            check.advice =
                "ALTER TABLE .. ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY; find out who changed it.";
        }
        add(std::move(check));
    }

private:
    static std::string text(const std::vector<backup::Row>& rows) {
        return rows.empty() || rows[0].empty() ? "" : rows[0][0].value_or("");
    }
    void add(Check check) { checks_.push_back(std::move(check)); }
    std::vector<backup::Row> ask(const char* subject, const char* sql) {
        auto rows = database_.query(sql);
        if (rows) return std::move(*rows);
        add({"database", subject, Health::failure, rows.error().detail, "Use the role that the control plane uses."});
        return {};
    }

    backup::Database& database_;
    Checks& checks_;
};

}  // namespace

void check_database(const std::string& url, Checks& checks) {
    auto database = backup::Database::connect(url);
    if (!database) {
        checks.push_back({"database", "reachability", Health::failure, database.error().detail,
                          "Correct the address, start the server, or let this machine in (pg_hba.conf)."});
        return;
    }
    checks.push_back({"database", "reachability", Health::ok, database->shown() + " answers", ""});
    DatabaseChecks check(*database, checks);
    check.version();
    check.settings();
    check.connections();
    check.clock(SystemClock().now());
    check.schema();
}

}  // namespace fanion::cli
