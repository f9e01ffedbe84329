#include <array>
#include <catch2/catch.hpp>
#include <string>

#include "control-plane/db/migrator.hpp"
#include "control-plane/publish/instance_store.hpp"
#include "tests/support/postgres_fixture.hpp"

using namespace fanion;
using boost::asio::awaitable;
using cp::db::Migration;
using cp::db::SchemaState;
using test::PostgresFixture;

namespace {

using Migrations = std::span<const Migration>;

struct EmptyDatabase : PostgresFixture {
    EmptyDatabase() : PostgresFixture(1, false) {}
};

awaitable<Result<int>> migrate_once(PostgresFixture& fixture, Migrations migrations) {
    auto executor = fixture.context.get_executor();
    auto config = fixture.owner_config();
    const auto connection = co_await cp::db::Connection::open(executor, std::move(config));
    co_return co_await cp::db::migrate(*connection, fixture.log, migrations);
}

awaitable<cp::db::SchemaStatus> check_once(PostgresFixture& fixture, Migrations migrations) {
    auto executor = fixture.context.get_executor();
    auto config = fixture.owner_config();
    const auto connection = co_await cp::db::Connection::open(executor, std::move(config));
    co_return co_await cp::db::check_schema(*connection, migrations);
}

constexpr std::array<Migration, 2> two{Migration{1, "one", "CREATE TABLE fanion.one (x int)"},
                                       Migration{2, "two", "CREATE TABLE fanion.two (x int)"}};
constexpr std::array<Migration, 1> altered{Migration{1, "one", "CREATE TABLE fanion.one (y int)"}};
constexpr std::array<Migration, 2> failing{two[0], Migration{2, "two", "CREATE TABLE fanion.two (x int); SELECT 1/0"}};
constexpr Migrations first_of_two{two.data(), 1};

Migrations up_to_version(std::size_t version) { return cp::db::embedded_migrations().first(version); }

// Rows of every table that V003 renames or whose column it renames: one that is kept, and one that has expired.
constexpr const char* rows_of_version_2 =
    "INSERT INTO instance (iss, epoch, database_identity) VALUES ('fanion:test', 7, 'here');"
    "INSERT INTO orgs (org_id, key, name) VALUES ('o_a', 'acme', '');"
    "INSERT INTO users (user_id, email) VALUES ('u_1', 'one@example.com');"
    "INSERT INTO setup_tokens (token_sha256, user_id, grants_org, grants_role, expires_at) VALUES "
    "(sha256('kept'), 'u_1', 'o_a', 'owner', now() + interval '1 day'),"
    "(sha256('expired'), 'u_1', 'o_a', 'viewer', now() - interval '8 days');"
    "INSERT INTO refresh_tokens (token_sha256, family, user_id, expires_at) VALUES "
    "(sha256('kept'), 'session-1', 'u_1', now() + interval '1 day'),"
    "(sha256('expired'), 'session-2', 'u_1', now() - interval '8 days');"
    "INSERT INTO login_failures (subject, failures, last_at, retry_after) VALUES "
    "('account:one@example.com', 3, now(), now()), ('account:two@example.com', 9, now() - interval '2 days', now());"
    "INSERT INTO projects (project_id, org_id, key, name) VALUES ('p_1', 'o_a', 'web', '');"
    "INSERT INTO environments (env_id, org_id, project_id, key, name) VALUES ('e_1', 'o_a', 'p_1', 'dev', '');"
    "INSERT INTO segments (segment_id, org_id, project_id, key) VALUES ('s_1', 'o_a', 'p_1', 'beta');"
    "INSERT INTO segment_configs (segment_id, env_id, org_id, body) VALUES ('s_1', 'e_1', 'o_a', '{\"rules\":[]}');"
    "INSERT INTO removed_environments (env_id, org_id, full_manifest) VALUES ('e_0', 'o_a', '{\"version\":4}')";

// Every table that V003 renames is read and written by the application's role.
constexpr const char* use_as_application =
    "SET ROLE fanion_app; SELECT set_config('fanion.org_id', 'o_a', false);"
    "UPDATE invitations SET used_at = now() WHERE token_sha256 = sha256('kept');"
    "UPDATE refresh_tokens SET used_at = now() WHERE session_id = 'session-1';"
    "UPDATE sign_in_failures SET failures = 4 WHERE subject = 'account:one@example.com';"
    "UPDATE segment_configs SET members = members || ' ' WHERE segment_id = 's_1';"
    "SELECT purge_expired();"
    "SELECT string_agg(full_manifest, '') FROM deleted_environments";

}  // namespace

TEST_CASE_METHOD(EmptyDatabase, "migrations are applied once") {
    CHECK(run(check_once(*this, two)).state == SchemaState::behind);
    CHECK(*run(migrate_once(*this, two)) == 2);
    CHECK(*run(migrate_once(*this, two)) == 0);
    CHECK(run(check_once(*this, two)).state == SchemaState::current);
    CHECK(sql("SELECT string_agg(version || name, ' ' ORDER BY version) FROM schema_migrations") == "1one 2two");
}

TEST_CASE_METHOD(EmptyDatabase, "only what is missing is applied") {
    CHECK(*run(migrate_once(*this, first_of_two)) == 1);
    const auto status = run(check_once(*this, two));
    CHECK(status.state == SchemaState::behind);
    CHECK(status.present == 1);
    CHECK(status.wanted == 2);
    CHECK(*run(migrate_once(*this, two)) == 1);
}

TEST_CASE_METHOD(EmptyDatabase, "programs that migrate at the same time wait for each other") {
    int applied = 0;
    int ended = 0;
    for (int i = 0; i < 4; ++i) {
        boost::asio::co_spawn(context, migrate_once(*this, cp::db::embedded_migrations()),
                              [&](std::exception_ptr error, Result<int> result) {
                                  if (!error && result) applied += *result;
                                  if (!error) ++ended;
                              });
    }
    context.run_for(std::chrono::seconds(30));
    CHECK(ended == 4);
    CHECK(applied == static_cast<int>(cp::db::embedded_migrations().size()));
}

TEST_CASE_METHOD(EmptyDatabase, "a database of a newer program is refused") {
    run(migrate_once(*this, two));
    CHECK(run(check_once(*this, first_of_two)).state == SchemaState::ahead);
    CHECK(run(migrate_once(*this, first_of_two)).error().code == Errc::unavailable);
}

TEST_CASE_METHOD(EmptyDatabase, "a migration that was applied in another wording is refused") {
    run(migrate_once(*this, first_of_two));
    CHECK(run(check_once(*this, altered)).state == SchemaState::altered);
    CHECK(run(migrate_once(*this, altered)).has_error());
}

TEST_CASE_METHOD(EmptyDatabase, "a migration that fails leaves nothing of itself behind") {
    CHECK_THROWS_AS(run(migrate_once(*this, failing)), cp::db::PgError);
    CHECK(run(check_once(*this, two)).present == 1);
    CHECK(sql("SELECT to_regclass('fanion.two') IS NULL") == "t");
    CHECK(*run(migrate_once(*this, two)) == 1);
}

TEST_CASE_METHOD(EmptyDatabase, "the rows of a database of version 2 are found under the names of version 3") {
    REQUIRE(*run(migrate_once(*this, up_to_version(2))) == 2);
    sql(std::string("SET search_path = fanion; ") + rows_of_version_2);
    REQUIRE(*run(migrate_once(*this, up_to_version(3))) == 1);

    CHECK(sql("SELECT user_id || ' ' || grants_org || ' ' || grants_role FROM invitations "
              "WHERE token_sha256 = sha256('kept')") == "u_1 o_a owner");
    CHECK(sql("SELECT string_agg(session_id, ' ' ORDER BY session_id) FROM refresh_tokens") == "session-1 session-2");
    CHECK(sql("SELECT failures FROM sign_in_failures WHERE subject = 'account:one@example.com'") == "3");
    CHECK(sql("SELECT members FROM segment_configs WHERE segment_id = 's_1'") == "{\"rules\":[]}");
    CHECK(sql("SELECT env_id FROM deleted_environments WHERE deleted_at <= now()") == "e_0");
    CHECK(sql("SELECT iss FROM instance WHERE singleton") == "fanion:test");
}

TEST_CASE_METHOD(EmptyDatabase, "what version 3 renames keeps its grants, policies, functions and triggers") {
    REQUIRE(*run(migrate_once(*this, up_to_version(2))) == 2);
    sql(std::string("SET search_path = fanion; ") + rows_of_version_2);
    REQUIRE(*run(migrate_once(*this, up_to_version(3))) == 1);

    CHECK(sql(use_as_application) == "{\"version\":4}");
    CHECK(sql("SELECT count(*) FROM invitations WHERE used_at IS NOT NULL") == "1");
    CHECK(sql("SELECT (SELECT count(*) FROM invitations) + (SELECT count(*) FROM refresh_tokens) + "
              "(SELECT count(*) FROM sign_in_failures)") == "3");  // purge_expired() has deleted the others
    sql("INSERT INTO manifests (env_id, epoch, version, org_id, root, items, bytes, full_line0, full_manifest, "
        "issued_at) "
        "VALUES ('e_1', 7, 1, 'o_a', '', 0, 0, '', 'the last', now()); DELETE FROM environments WHERE env_id = 'e_1'");
    CHECK(sql("SELECT full_manifest FROM deleted_environments WHERE env_id = 'e_1'") == "the last");
    // No name of version 2 is left in an index, a constraint or a function.
    CHECK(sql("SELECT string_agg(name, ' ') FROM (SELECT relname AS name, relnamespace AS schema FROM pg_class "
              "UNION ALL SELECT conname, connamespace FROM pg_constraint "
              "UNION ALL SELECT proname || ': ' || prosrc, pronamespace FROM pg_proc) AS named "
              "WHERE schema = 'fanion'::regnamespace "
              "AND name ~ 'setup_token|login_failure|removed_environment|family|only_one'") == "");
}

TEST_CASE_METHOD(EmptyDatabase, "version 4 fills in which flags are on, and decodes the resources of audit entries") {
    REQUIRE(*run(migrate_once(*this, up_to_version(3))) == 3);
    sql("SET search_path = fanion; "
        "INSERT INTO orgs (org_id, key, name) VALUES ('o_a', 'a', 'A'); "
        "INSERT INTO projects (project_id, org_id, key, name) VALUES ('p_1', 'o_a', 'p', 'P'); "
        "INSERT INTO environments (env_id, org_id, project_id, key, name) VALUES ('e_1', 'o_a', 'p_1', 'd', 'D'), "
        "('e_2', 'o_a', 'p_1', 'e', 'E'); "
        "INSERT INTO flags (flag_id, org_id, project_id, key, type, salt, variations) VALUES "
        "('f_1', 'o_a', 'p_1', 'f', 'boolean', 'f', '[]'); "
        "INSERT INTO flag_configs (flag_id, env_id, org_id, config) VALUES "
        "('f_1', 'e_1', 'o_a', '{\"enabled\":true,\"targets\":[\"\\u0000\"]}'), ('f_1', 'e_2', 'o_a', "
        "'{\"enabled\":false}'); "
        "INSERT INTO audit (org_id, seq, id, at, actor_kind, actor_id, action, resource, canonical, prev_hash, hash) "
        "SELECT 'o_a', seq, 'a_' || seq, now(), 'user', 'u', 'flag.updated', resource, '{}', '', sha256('') "
        "FROM (VALUES (1, 'projects/w%65b/flags/%66%2D%2e'), (2, 'projects/web/flags/f-%2F%C3'), (3, 'plain')) "
        "AS t (seq, resource)");
    REQUIRE(*run(migrate_once(*this, up_to_version(4))) == 1);
    CHECK(sql("SELECT string_agg(env_id || ' ' || enabled, ' ' ORDER BY env_id) FROM flag_configs") ==
          "e_1 true e_2 false");
    CHECK(sql("SELECT string_agg(resource, ' ' ORDER BY seq) FROM audit") ==
          "projects/web/flags/f-. projects/web/flags/f-%2F%C3 plain");
}

TEST_CASE_METHOD(EmptyDatabase,
                 "version 12 fills in where the resources of audit entries are, and that each is a group") {
    REQUIRE(*run(migrate_once(*this, up_to_version(11))) == 11);
    sql("SET search_path = fanion; INSERT INTO orgs (org_id, key, name) VALUES ('o_a', 'a', 'A'); "
        "INSERT INTO audit (org_id, seq, id, at, actor_kind, actor_id, action, resource, canonical, prev_hash, hash) "
        "SELECT 'o_a', seq, 'a_' || seq, now(), 'user', 'u', 'flag.updated', resource, '{}', '', sha256('') "
        "FROM (VALUES (1, 'projects/web/flags/f/environments/production'), (2, "
        "'projects/web/environments/staging/keys/k'), "
        "(3, 'projects/web/flags/environments'), (4, 'members/u_1')) AS t (seq, resource)");
    REQUIRE(*run(migrate_once(*this, up_to_version(12))) == 1);
    CHECK(sql("SELECT string_agg(concat_ws('/', group_id, project, environment), ' ' ORDER BY seq) FROM audit") ==
          "a_1/web/production a_2/web/staging a_3/web/ a_4//");
    CHECK(sql("SELECT count(*) FROM pg_indexes WHERE indexname = 'audit_text'") == "1");
}

TEST_CASE_METHOD(EmptyDatabase, "version 5 keeps people and open invitations, and forgets who never had an account") {
    REQUIRE(*run(migrate_once(*this, up_to_version(4))) == 4);
    sql("SET search_path = fanion;"
        "INSERT INTO orgs (org_id, key, name) VALUES ('o_a', 'acme', ''), ('o_b', 'globex', '');"
        "INSERT INTO users (user_id, email, name, password_hash) VALUES ('u_1', 'One@Example.com', 'One', 'hash'),"
        "('u_2', 'two@example.com', 'Two', NULL);"
        "INSERT INTO memberships (org_id, user_id, role, created_at) VALUES ('o_a', 'u_1', 'owner', now()),"
        "('o_b', 'u_1', 'viewer', now() + interval '1 second');"
        "INSERT INTO invitations (token_sha256, user_id, grants_org, grants_role, expires_at) VALUES "
        "(sha256('open'), 'u_2', 'o_a', 'viewer', now() + interval '1 day'),"
        "(sha256('of a member'), 'u_1', 'o_a', 'admin', now() + interval '1 day')");
    REQUIRE(*run(migrate_once(*this, up_to_version(5))) == 1);

    CHECK(sql("SELECT user_id || ' ' || email_key FROM users") == "u_1 one@example.com");
    CHECK(sql("SELECT string_agg(org_id || name, ' ' ORDER BY org_id) FROM memberships") == "o_aOne o_b");
    CHECK(sql("SELECT org_id || ' ' || role || ' ' || email || ' ' || name FROM invitation_of_token(sha256('open'), "
              "now())") == "o_a viewer two@example.com Two");
    CHECK(sql("SELECT count(*) FROM invitation_of_token(sha256('of a member'), now())") == "0");
    CHECK(sql("SELECT relforcerowsecurity FROM pg_class WHERE oid = 'memberships'::regclass") == "t");
}

TEST_CASE_METHOD(PostgresFixture, "the first start names the installation, later ones keep name and epoch") {
    const auto first = run(cp::publish::open_instance(pool, 1'763'720'000'000));
    CHECK(first.iss.starts_with("fanion:"));
    CHECK(first.epoch == 1'763'720'000);
    CHECK_FALSE(first.is_new_epoch);
    const auto second = run(cp::publish::open_instance(pool, 1'763'720'999'000));
    CHECK(second.iss == first.iss);
    CHECK(second.epoch == first.epoch);
}

TEST_CASE_METHOD(PostgresFixture,
                 "another database under the same rows gets an epoch beyond all that relays reported") {
    run(cp::publish::open_instance(pool, 1'763'720'000'000));
    sql("UPDATE instance SET database_identity = 'the one before the restore';"
        "INSERT INTO orgs (org_id, key, name) VALUES ('o_a', 'a', '');"
        "INSERT INTO relay_status (org_id, relay_id, env_id, epoch, state) VALUES ('o_a', 'r', 'e_a', 1763730000, "
        "'applied')");
    const auto opened = run(cp::publish::open_instance(pool, 1'763'720'001'000));
    CHECK(opened.is_new_epoch);
    CHECK(opened.epoch == 1'763'730'001);
    CHECK_FALSE(run(cp::publish::open_instance(pool, 1'763'720'002'000)).is_new_epoch);
}
