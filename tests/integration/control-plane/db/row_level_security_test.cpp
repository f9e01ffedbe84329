#include <catch2/catch.hpp>
#include <map>
#include <vector>

#include "tests/integration/control-plane/db/no_scope.hpp"
#include "tests/support/postgres_fixture.hpp"

using namespace fanion;
using boost::asio::awaitable;
using test::no_scope;
using test::PostgresFixture;

namespace {

// Two organisations with everything; arranged behind row-level security's back.
struct TwoTenants : PostgresFixture {
    TwoTenants() {
        for (const std::string x : {"a", "b"}) {
            sql("INSERT INTO orgs (org_id, key, name) VALUES ('o_" + x + "', '" + x +
                "', '');"
                "INSERT INTO projects (project_id, org_id, key, name) VALUES ('p_" +
                x + "', 'o_" + x +
                "', 'web', '');"
                "INSERT INTO environments (env_id, org_id, project_id, key, name) VALUES ('e_" +
                x + "', 'o_" + x + "', 'p_" + x +
                "', 'dev', '');"
                "INSERT INTO audit (org_id, seq, id, at, actor_kind, actor_id, action, resource, canonical, prev_hash, "
                "hash) VALUES "
                "('o_" +
                x + "', 1, 'a_" + x + "', now(), 'user', 'u_1', 'x', 'y', '{}', '', sha256(''))");
        }
    }
};

// Statements outlive the connections that prepared them.
cp::db::Statement statement_of(const std::string& sql) {
    static std::map<std::string, std::string> names;
    const auto& [text, name] = *names.try_emplace(sql, "s" + std::to_string(names.size())).first;
    return {name.c_str(), text.c_str()};
}

awaitable<std::string> first_value(cp::db::Pool& pool, cp::db::Scope scope, std::string script) {
    const auto statement = statement_of(script);
    auto tx = co_await pool.begin(std::move(scope));
    const auto rows = co_await tx.run(statement);
    auto value = rows.empty() ? std::to_string(rows.affected()) : rows[0].string(0);
    co_await tx.commit();
    co_return value;
}

awaitable<std::string> refusal(cp::db::Pool& pool, cp::db::Scope scope, std::string script) {
    try {
        co_await first_value(pool, std::move(scope), std::move(script));
    } catch (const cp::db::PgError& error) {
        co_return error.sqlstate();
    }
    co_return "";
}

// Which organisations a transaction sees that enters one after another: "a b - " for none at last.
awaitable<std::string> seen_one_by_one(cp::db::Pool& pool, cp::db::Scope first, std::vector<cp::db::Scope> others) {
    constexpr cp::db::Statement seen{"seen_orgs", "SELECT coalesce(string_agg(key, '+'), '-') FROM orgs"};
    auto tx = co_await pool.begin(std::move(first));
    auto rows = co_await tx.run(seen);
    auto text = rows[0].string(0);
    for (auto& scope : others) {
        tx.enter(scope);
        rows = co_await tx.run(seen);
        text += ' ' + rows[0].string(0);
    }
    co_await tx.commit();
    co_return text;
}

const cp::db::Scope tenant_a = cp::db::Scope::tenant("o_a");

}  // namespace

TEST_CASE_METHOD(TwoTenants, "a tenant sees its own rows and no others") {
    for (const std::string table : {"orgs", "projects", "environments", "audit"}) {
        CAPTURE(table);
        CHECK(run(first_value(pool, tenant_a, "SELECT count(*) FROM " + table)) == "1");
        CHECK(run(first_value(pool, tenant_a, "SELECT min(org_id) FROM " + table)) == "o_a");
    }
}

TEST_CASE_METHOD(TwoTenants, "a transaction that enters another organisation sees that one only") {
    const auto tenant_b = cp::db::Scope::tenant("o_b");
    CHECK(run(seen_one_by_one(pool, no_scope, {tenant_a, tenant_b, no_scope})) == "- a b -");
    CHECK(run(seen_one_by_one(pool, tenant_a, {tenant_b, tenant_a})) == "a b a");
    CHECK(run(first_value(pool, no_scope, "SELECT count(*) FROM orgs")) == "0");  // and the next one none of them
}

TEST_CASE_METHOD(TwoTenants, "without a tenant nothing is seen, also after a transaction that had one") {
    run(first_value(pool, tenant_a, "SELECT count(*) FROM orgs"));
    for (const std::string table : {"orgs", "projects", "environments", "audit"}) {
        CHECK(run(first_value(pool, no_scope, "SELECT count(*) FROM " + table)) == "0");
    }
}

TEST_CASE_METHOD(TwoTenants, "what is deleted is hidden from its own tenant") {
    for (const std::string table : {"environments", "projects", "orgs"}) {
        CAPTURE(table);
        sql("UPDATE " + table + " SET deleted_at = now() WHERE org_id = 'o_a'");
        CHECK(run(first_value(pool, tenant_a, "SELECT count(*) FROM " + table)) == "0");
        CHECK(run(first_value(pool, tenant_a, "UPDATE " + table + " SET name = 'mine'")) == "0");
        CHECK(run(first_value(pool, cp::db::Scope::tenant("o_b"), "SELECT count(*) FROM " + table)) == "1");
    }
    CHECK(run(first_value(pool, no_scope, "SELECT env_id FROM feed_environments()")) == "e_b");
    CHECK(run(first_value(pool, no_scope, "SELECT coalesce(org_of_key('a'), 'none')")) == "none");
}

TEST_CASE_METHOD(TwoTenants, "a tenant's changes do not reach another's rows") {
    CHECK(run(first_value(pool, tenant_a, "UPDATE projects SET name = 'mine' WHERE project_id = 'p_b'")) == "0");
    CHECK(run(first_value(pool, tenant_a, "DELETE FROM projects WHERE project_id = 'p_b'")) == "0");
    CHECK(run(refusal(pool, tenant_a,
                      "INSERT INTO projects (project_id, org_id, key, name) VALUES ('p_x', 'o_b', 'x', '')")) ==
          "42501");
    CHECK(run(refusal(pool, tenant_a, "UPDATE projects SET org_id = 'o_b'")) == "42501");
    // Row-level security does not hold foreign keys: they name the organisation themselves.
    CHECK(run(refusal(pool, tenant_a,
                      "INSERT INTO environments (env_id, org_id, project_id, key, name) "
                      "VALUES ('e_x', 'o_a', 'p_b', 'x', '')")) == "23503");
}

TEST_CASE_METHOD(TwoTenants, "every table that names an organisation is under forced row-level security") {
    CHECK(sql("SELECT string_agg(relname, ' ') FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid "
              "WHERE c.relnamespace = 'fanion'::regnamespace AND relkind IN ('r', 'p') AND attname = 'org_id' "
              "AND NOT (relrowsecurity AND relforcerowsecurity)") == "");
    CHECK(sql("SELECT count(*) >= 15 FROM pg_policies WHERE policyname = 'tenant'") == "t");
    // (SELECT current_setting(..)) is evaluated once for a statement, current_setting(..) once for a row.
    CHECK(sql("SELECT string_agg(tablename, ' ') FROM pg_policies WHERE policyname = 'tenant' "
              "AND '(org_id = current_setting(''fanion.org_id''::text, true))' IN (qual, with_check)") == "");
}

TEST_CASE_METHOD(TwoTenants, "the application's role owns nothing and cannot step around the rules") {
    CHECK(sql("SELECT count(*) FROM pg_class WHERE relowner = 'fanion_app'::regrole") == "0");
    CHECK(sql("SELECT rolsuper OR rolbypassrls OR rolcanlogin OR rolcreaterole FROM pg_roles WHERE rolname = "
              "'fanion_app'") == "f");
    CHECK(sql("SELECT pg_has_role('fanion_app', 'fanion_lookup', 'MEMBER')") == "f");
    CHECK(run(refusal(pool, tenant_a, "ALTER TABLE orgs NO FORCE ROW LEVEL SECURITY")) == "42501");
    CHECK(run(refusal(pool, tenant_a, "DROP POLICY tenant ON orgs")) == "42501");
    CHECK(run(refusal(pool, tenant_a, "CREATE TABLE mine (x int)")) == "42501");
    CHECK(run(refusal(pool, tenant_a, "TRUNCATE projects")) == "42501");
    CHECK(run(refusal(pool, tenant_a, "DELETE FROM schema_migrations")) == "42501");
}

TEST_CASE_METHOD(TwoTenants, "audit entries and signed versions can be added and read, not changed or removed") {
    for (const std::string table : {"audit", "manifests", "item_changes"}) {
        CAPTURE(table);
        CHECK(run(refusal(pool, tenant_a, "UPDATE " + table + " SET org_id = org_id")) == "42501");
        CHECK(run(refusal(pool, tenant_a, "DELETE FROM " + table)) == "42501");
    }
    CHECK(run(first_value(pool, tenant_a, "SELECT count(*) FROM audit")) == "1");
}

TEST_CASE_METHOD(TwoTenants, "what people sign in with is not readable, and an organisation sees its own people") {
    sql("INSERT INTO users (user_id, email, email_key, password_hash) VALUES ('u_a', 'a@b.c', 'a@b.c', 'x'), "
        "('u_b', 'b@b.c', 'b@b.c', 'y');"
        "INSERT INTO memberships (org_id, user_id, role) VALUES ('o_a', 'u_a', 'owner'), ('o_b', 'u_b', 'owner');"
        "INSERT INTO invitations (invitation_id, token_sha256, org_id, email, email_key, role, expires_at) VALUES "
        "('i_a', sha256('a'), 'o_a', 'x@b.c', 'x@b.c', 'viewer', now()), "
        "('i_b', sha256('b'), 'o_b', 'x@b.c', 'x@b.c', 'viewer', now())");
    for (const std::string table :
         {"refresh_tokens", "sessions", "sign_in_failures", "sign_in_addresses", "password_resets"}) {
        CAPTURE(table);
        CHECK(run(refusal(pool, tenant_a, "SELECT count(*) FROM " + table)) == "42501");
        CHECK(run(refusal(pool, tenant_a, "DELETE FROM " + table)) == "42501");
    }
    CHECK(run(refusal(pool, tenant_a, "SELECT count(*) FROM personal_tokens")) == "42501");
    CHECK(run(refusal(pool, tenant_a, "UPDATE personal_tokens SET revoked_at = NULL")) == "42501");
    CHECK(run(refusal(pool, tenant_a, "SELECT sha256 FROM service_tokens")) == "42501");
    CHECK(run(refusal(pool, tenant_a, "UPDATE service_tokens SET role = 'owner'")) == "42501");
    CHECK(run(refusal(pool, tenant_a, "SELECT password_hash FROM users")) == "42501");
    CHECK(run(refusal(pool, tenant_a, "SELECT token_sha256 FROM invitations")) == "42501");
    CHECK(run(refusal(pool, tenant_a, "UPDATE users SET email = ''")) == "42501");
    CHECK(run(first_value(pool, tenant_a, "SELECT string_agg(user_id, ' ') FROM users")) == "u_a");
    CHECK(run(first_value(pool, tenant_a, "SELECT string_agg(invitation_id, ' ') FROM invitations")) == "i_a");
    CHECK(run(first_value(pool, no_scope, "SELECT count(user_id) FROM users")) == "0");
    CHECK(run(first_value(pool, no_scope, "SELECT password_hash FROM account_of_email('b@b.c')")) == "y");
}

TEST_CASE_METHOD(TwoTenants, "cross-tenant questions are answered by functions alone") {
    CHECK(run(first_value(pool, no_scope, "SELECT count(*) FROM feed_environments()")) == "2");
    CHECK(run(first_value(pool, no_scope, "SELECT owner_exists()")) == "f");
    // Every function of the schema is the look-up role's, and has its search_path fixed.
    CHECK(sql("SELECT string_agg(proname, ' ') FROM pg_proc WHERE pronamespace = 'fanion'::regnamespace "
              "AND (NOT prosecdef OR proowner <> 'fanion_lookup'::regrole OR proconfig IS NULL)") == "");
}
