#include "control-plane/db/migration.hpp"

#include <catch2/catch.hpp>

using namespace fanion::cp::db;

namespace {

int compatible_from(std::string_view sql) { return marks_of(Migration{54, "what", sql}).compatible_from; }

}  // namespace

TEST_CASE("a migration says which programs work beside it") {
    CHECK(compatible_from("-- compatible-from: V053\nSELECT 1;\n") == 53);
    CHECK(compatible_from("-- What it is for.\n-- compatible-from: V007\nSELECT 1;") == 7);
    CHECK(compatible_from("SELECT 1;\n-- compatible-from: V053") == 53);
}

TEST_CASE("a migration without a mark that can be read is for programs that know it") {
    for (const auto* sql : {"SELECT 1;", "", "-- incompatible: it drops what others read\nSELECT 1;",
                            "-- compatible-from: V054\n", "-- compatible-from: V055\n", "-- compatible-from: V000\n",
                            "-- compatible-from: V\n", "-- compatible-from: V53x\n", "-- compatible-from: V-3\n",
                            "-- compatible-from: 53\n", "  -- compatible-from: V053\n",
                            "SELECT '-- compatible-from: V053';\n", "-- compatible-from: V99999999999999999999\n"}) {
        CAPTURE(sql);
        CHECK(compatible_from(sql) == 54);
    }
}

TEST_CASE("a migration runs in a transaction unless it says otherwise") {
    CHECK(marks_of(Migration{1, "what", "SELECT 1;"}).in_transaction);
    CHECK(marks_of(Migration{1, "what", "-- transaction: none of them\n"}).in_transaction);
    CHECK_FALSE(marks_of(Migration{1, "what", "-- Why.\n-- transaction: none\nSELECT 1;\n"}).in_transaction);
}

TEST_CASE("statements end with a semicolon at the end of a line") {
    const auto statements = statements_of(
        "-- transaction: none\n\nDROP INDEX CONCURRENTLY IF EXISTS a;\n-- Why.\nCREATE INDEX CONCURRENTLY a\n"
        "    -- of it\n    ON t (x);\n\n");
    REQUIRE(statements.size() == 2);
    CHECK(statements[0] == "DROP INDEX CONCURRENTLY IF EXISTS a;\n");
    CHECK(statements[1] == "CREATE INDEX CONCURRENTLY a\n    ON t (x);\n");
    CHECK(statements_of("-- nothing\n").empty());
    CHECK(statements_of("SELECT 1; SELECT 2\n").size() == 1);
}
