// No column with a secret is forgotten: each column of bytes is one of the kinds that are rewrapped, or is listed here with
// what it holds instead.

#include <catch2/catch.hpp>
#include <map>
#include <set>
#include <sstream>
#include <string>

#include "control-plane/secrets/sealed_kind.hpp"
#include "tests/support/postgres_fixture.hpp"

using namespace fanion;
using test::PostgresFixture;

namespace {

std::set<std::string> words(const std::string& text) {
    std::istringstream in(text);
    std::set<std::string> found;
    for (std::string word; in >> word;) found.insert(word);
    return found;
}

// Columns that hold no secret. A hash is named so: *_sha256, sha256, hash.
const std::map<std::string, const char*> without_secrets{
    {"audit.prev_hash", "hash of the entry before"},
    {"environments.root", "hash of the published items"},
    {"manifests.root", "hash of the published items"},
    {"sessions.rights_sha256", "hash"},
    {"idempotency_keys.response", "sealed with a key that only the Idempotency-Key gives, and that is not stored"},
    {"segment_upload_parts.content", "part of a list of segment members"},
    {"sink_outbox.body", "batch of events"},
};

bool is_hash(const std::string& column) {
    const auto name = column.substr(column.find('.') + 1);
    return name == "hash" || name.ends_with("sha256");
}

}  // namespace

TEST_CASE_METHOD(PostgresFixture, "each column of bytes is rewrapped, or holds no secret") {
    const auto columns =
        words(sql("SELECT string_agg(table_name || '.' || column_name, ' ') FROM information_schema.columns c "
                  "JOIN information_schema.tables t USING (table_schema, table_name) "
                  "WHERE table_schema = 'fanion' AND table_type = 'BASE TABLE' AND data_type = 'bytea'"));
    REQUIRE(columns.size() > 20);
    std::set<std::string> sealed;
    for (const auto& kind : cp::secrets::sealed_kinds())
        sealed.insert(std::string(kind.table) + '.' + std::string(kind.column));
    for (const auto& column : columns) {
        INFO(column << ": add it to control-plane/secrets/sealed_kind.cpp and to the view sealed_secrets, or here");
        CHECK((sealed.contains(column) || is_hash(column) || without_secrets.contains(column)));
    }
    for (const auto& column : sealed) {
        INFO(column);
        CHECK(columns.contains(column));
    }
    for (const auto& [column, meaning] : without_secrets) {
        INFO(column << ": " << meaning);
        CHECK(columns.contains(column));
    }
}

TEST_CASE_METHOD(PostgresFixture, "a column that is called sealed, secret or token holds bytes or a hash") {
    const auto columns = words(
        sql("SELECT coalesce(string_agg(table_name || '.' || column_name, ' '), '') FROM information_schema.columns c "
            "JOIN information_schema.tables t USING (table_schema, table_name) "
            "WHERE table_schema = 'fanion' AND table_type = 'BASE TABLE' AND data_type <> 'bytea' "
            "AND column_name ~ '(secret|sealed|password|token|seed|private)'"));
    // What is said of secrets, and what cannot be turned back into one.
    const std::set<std::string> known{"users.password_hash", "personal_tokens.token_id", "service_tokens.token_id"};
    for (const auto& column : columns) {
        INFO(column << ": a secret is sealed into a column of bytes (common/base/sealing.hpp)");
        CHECK(known.contains(column));
    }
}

TEST_CASE_METHOD(PostgresFixture, "the database knows the same kinds as the program, with the same columns") {
    const auto definition = sql("SELECT pg_get_viewdef('fanion.sealed_secrets')");
    std::size_t branches = 1;
    for (auto at = definition.find("UNION"); at != std::string::npos; at = definition.find("UNION", at + 1)) ++branches;
    CHECK(branches == cp::secrets::sealed_kinds().size());
    for (const auto& kind : cp::secrets::sealed_kinds()) {
        INFO(kind.name);
        CHECK(definition.find("'" + std::string(kind.name) + "'") != std::string::npos);
        CHECK(definition.find(std::string(kind.table) + '.' + std::string(kind.column)) != std::string::npos);
    }
}
