// What backups and restores ask of a database before they touch it, on a real one.

#include <catch2/catch.hpp>

#include "common/backup/database.hpp"
#include "common/backup/restore_backup.hpp"
#include "common/backup/source.hpp"
#include "tests/support/postgres_fixture.hpp"
#include "tests/support/temporary_directory.hpp"

using namespace fanion;
using namespace fanion::backup;

namespace {

struct Source : test::PostgresFixture {
    Database connect(const std::string& more = "") { return Database::connect(conninfo + more).value(); }
};

struct Target : test::PostgresFixture {
    Target() : PostgresFixture(1, false) {
        manifest.id = "20261130T021500Z-5f0c1d2e";
        manifest.server = "15.1";
        manifest.pg_dump = "15.1";
        manifest.owner = "fanion_owner_of_old";
        manifest.database.pieces = {{1, std::string(64, '0')}};
    }
    Error refusal(RestoreRequest request) {
        request.database_url = conninfo;
        auto place = BackupPlace::open(folder.path(), {}).value();
        const auto restored = restore_backup(place, manifest, key, request);
        REQUIRE(restored.has_error());
        return restored.error();
    }

    test::TemporaryDirectory folder;
    Manifest manifest;
    OpeningKey key = OpeningKey::from_pem(make_key_pair("k", 0).private_pem).value();
};

bool has(const Error& error, std::string_view text) { return error.detail.find(text) != std::string::npos; }

}  // namespace

TEST_CASE_METHOD(Source, "a role from which row-level security hides rows cannot back up") {
    sql("DROP ROLE IF EXISTS backup_reader; CREATE ROLE backup_reader LOGIN");
    sql("GRANT pg_read_all_data TO backup_reader");
    auto reader = connect(" user=backup_reader");
    const auto refused = check_source(reader);
    REQUIRE(refused.has_error());
    CHECK((refused.error().code == Errc::forbidden));
    CHECK(has(refused.error(), "BYPASSRLS"));
    sql("ALTER ROLE backup_reader BYPASSRLS");
    CHECK(check_source(reader).has_value());
    sql("REVOKE pg_read_all_data FROM backup_reader");
    CHECK(check_source(reader).has_error());
    auto superuser = connect();
    CHECK(check_source(superuser).has_value());
}

TEST_CASE_METHOD(Source, "what a backup reads is one state of the database") {
    sql("DELETE FROM fanion.instance");
    sql("INSERT INTO fanion.instance (iss, epoch, database_identity) VALUES ('fanion:t', 7, 'x')");
    auto session = connect();
    REQUIRE(begin_snapshot(session).has_value());
    sql("INSERT INTO fanion.orgs (org_id, key, name) VALUES ('o_later', 'later', 'Later')");
    sql("UPDATE fanion.instance SET epoch = 8");
    Manifest manifest;
    REQUIRE(read_facts(session, manifest).has_value());
    CHECK(manifest.iss == "fanion:t");
    CHECK(manifest.epoch == 7);
    CHECK(manifest.schema > 50);
    const auto rows = count_rows(session);
    REQUIRE(rows.has_value());
    CHECK(rows->at("fanion.orgs") == 0);
    CHECK(rows->at("fanion.schema_migrations") == manifest.schema);
    CHECK(rows->contains("fanion_days.exposures_other"));
}

TEST_CASE("an empty database has nothing to back up") {
    test::PostgresFixture empty(1, false);
    auto session = Database::connect(empty.conninfo).value();
    const auto refused = check_source(session);
    REQUIRE(refused.has_error());
    CHECK((refused.error().code == Errc::conflict));
}

TEST_CASE_METHOD(Target, "nothing is restored into a database with tables, unless it is asked for") {
    sql("CREATE TABLE public.mine (a integer)");
    CHECK(has(refusal({}), "is not empty: it has 1 tables"));
    sql("DROP TABLE public.mine");
    CHECK(has(refusal({}), "there is no role \"fanion_owner_of_old\""));
}

TEST_CASE_METHOD(Target, "nothing is restored into an older PostgreSQL") {
    manifest.server = "99.2";
    const auto error = refusal({});
    CHECK((error.code == Errc::conflict));
    CHECK(has(error, "the backup is of 99.2"));
}

TEST_CASE_METHOD(Target, "programs that cannot read the dump are not used") {
    manifest.pg_dump = "99.2";
    RestoreRequest request;
    request.owner = "fanion_lookup";
    const auto error = refusal(request);
    CHECK((error.code == Errc::invalid_input));
    CHECK(has(error, "pg_restore of PostgreSQL 99 or later was not found"));
}

TEST_CASE_METHOD(Target, "nothing is restored below a control plane that runs") {
    auto config = owner_config();
    auto control_plane = Database::connect(config.conninfo + " application_name=fanion-control-plane");
    REQUIRE(control_plane.has_value());
    // The name that a session gives itself, whatever the connection says.
    REQUIRE(control_plane->query("SET application_name = 'fanion-control-plane'").has_value());
    CHECK(has(refusal({}), "a control plane is connected"));
}

TEST_CASE_METHOD(Target, "a dump that is not there leaves the database as it was") {
    RestoreRequest request;
    request.owner = sql("SELECT current_user");
    const auto error = refusal(request);
    CHECK((error.code == Errc::unprocessable));
    CHECK(has(error, "database.00000.cms: it is missing"));
    CHECK(sql("SELECT count(*) FROM pg_namespace WHERE nspname = 'fanion'") == "0");
}

TEST_CASE("messages about a connection do not have its password") {
    const auto refused = Database::connect("postgresql://fanion:geheim@127.0.0.1:1/fanion");
    REQUIRE(refused.has_error());
    CHECK((refused.error().code == Errc::unavailable));
    CHECK_FALSE(has(refused.error(), "geheim"));
    const auto malformed = Database::connect("postgresql://fanion:geheim@[::1/fanion");
    REQUIRE(malformed.has_error());
    CHECK((malformed.error().code == Errc::invalid_input));
    CHECK_FALSE(has(malformed.error(), "geheim"));
}
