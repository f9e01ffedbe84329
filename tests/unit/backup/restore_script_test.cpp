#include "common/backup/restore_script.hpp"

#include <catch2/catch.hpp>

using namespace fanion::backup;

namespace {

constexpr const char* script =
    "SET transaction_timeout = 0;\n"
    "CREATE SCHEMA fanion;\n"
    "ALTER SCHEMA fanion OWNER TO fanion_owner;\n"
    "ALTER FUNCTION fanion.f() OWNER TO fanion_lookup;\n"
    "ALTER TABLE fanion.t OWNER TO \"fanion_owner\";\n"
    "COPY fanion.t (a) FROM stdin;\n"
    "ALTER TABLE fanion.t OWNER TO fanion_owner;\n"
    "CREATE SCHEMA fanion;\n"
    "\\.\n"
    "ALTER TABLE fanion.u OWNER TO fanion_owner;\n"
    "-- done";

constexpr const char* rewritten =
    "\n"  // what an older server does not know
    "CREATE SCHEMA fanion; GRANT CREATE ON SCHEMA fanion TO fanion_lookup;\n"
    "ALTER SCHEMA fanion OWNER TO \"the app\";\n"
    "ALTER FUNCTION fanion.f() OWNER TO fanion_lookup;\n"
    "ALTER TABLE fanion.t OWNER TO \"the app\";\n"
    "COPY fanion.t (a) FROM stdin;\n"
    "ALTER TABLE fanion.t OWNER TO fanion_owner;\n"
    "CREATE SCHEMA fanion;\n"
    "\\.\n"
    "ALTER TABLE fanion.u OWNER TO \"the app\";\n"
    "-- done\n";

ScriptSettings settings() {
    ScriptSettings s;
    s.dumped_owner = "fanion_owner";
    s.owner = "the app";
    s.server_major = 15;
    s.extensions = {"pg_trgm"};
    return s;
}

}  // namespace

TEST_CASE("statements get another owner, data stays as it is, wherever the bytes are cut") {
    const std::string_view all(script);
    for (std::size_t at = 0; at <= all.size(); ++at) {
        ScriptRewriter rewriter(settings());
        auto out = rewriter.feed(all.substr(0, at));
        out += rewriter.feed(all.substr(at));
        out += rewriter.finish();
        REQUIRE(out == rewritten);
    }
}

TEST_CASE("a setting that only a newer server knows is left out for older ones") {
    auto newer = settings();
    newer.server_major = 17;
    ScriptRewriter rewriter(newer);
    CHECK(rewriter.feed(script).starts_with("SET transaction_timeout = 0;\nCREATE SCHEMA fanion;"));
}

TEST_CASE("only what is to be replaced is dropped, in the transaction that restores") {
    auto s = settings();
    CHECK(prologue(s).starts_with("BEGIN;\n"));
    CHECK(prologue(s).find("DROP SCHEMA") == std::string::npos);
    s.is_replacing = true;
    CHECK(prologue(s).find("DROP SCHEMA IF EXISTS fanion, fanion_days CASCADE;") != std::string::npos);
    CHECK(prologue(s).find("GRANT fanion_lookup TO \"the app\"") != std::string::npos);
    CHECK(prologue(s).find("COMMIT") == std::string::npos);
}

TEST_CASE("the epilogue makes the control plane begin an epoch beyond the highest known one") {
    const auto sql = epilogue("20261130T021500Z-5f0c1d2e", 1'763'719'200);
    CHECK(sql.find("database_identity = 'restored from 20261130T021500Z-5f0c1d2e'") != std::string::npos);
    CHECK(sql.find("epoch = greatest(epoch, 1763719200)") != std::string::npos);
    CHECK(sql.ends_with("COMMIT;\n"));
}
