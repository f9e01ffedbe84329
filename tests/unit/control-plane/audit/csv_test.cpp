#include "control-plane/audit/csv.hpp"

#include <catch2/catch.hpp>

#include "common/base/text.hpp"

using namespace fanion;
using cp::audit::csv_cell;

TEST_CASE("cells are quoted where they must be") {
    CHECK(csv_cell("") == "");
    CHECK(csv_cell("plain text") == "plain text");
    CHECK(csv_cell("a,b") == "\"a,b\"");
    CHECK(csv_cell("say \"hi\"") == "\"say \"\"hi\"\"\"");
    CHECK(csv_cell("two\nlines") == "\"two\nlines\"");
}

TEST_CASE("no cell is taken for a formula") {
    CHECK(csv_cell("=1+1") == "'=1+1");
    CHECK(csv_cell("=HYPERLINK(\"http://x\",\"y\")") == "\"'=HYPERLINK(\"\"http://x\"\",\"\"y\"\")\"");
    for (const auto* text : {"+1", "-1", "@SUM(A1)", "\tx"}) CHECK(csv_cell(text) == "'" + std::string(text));
    for (const auto* text : {"\r=x", "\n=x"}) CHECK(csv_cell(text) == "\"'" + std::string(text) + '"');
    CHECK(csv_cell("a=b") == "a=b");
}

TEST_CASE("a row has a cell for each name, and what a person wrote is harmless in it") {
    cp::audit::AuditEntry entry;
    entry.org_id = cp::access::OrgId("o_1");
    entry.seq = 7;
    entry.id = "a_7";
    entry.at = 1'763'720'000'000;
    entry.actor_id = "u_1";
    entry.action = cp::audit::Action::flag_configured;
    entry.resource = "projects/web/flags/f/environments/production";
    entry.comment = "=cmd|' /C calc'!A0";
    entry.after = R"({"enabled":true,"n":1})";
    const cp::audit::ChainLink link{7, cp::audit::canonical_bytes(entry), {}, sha256("x")};
    std::string row;
    cp::audit::append_csv_row(row, link, "ada@example.com");
    CHECK(row ==
          "7,a_7,2025-11-21T10:13:20.000Z,user,u_1,ada@example.com,,flag.configured,"
          "projects/web/flags/f/environments/production,web,production,a_7,'=cmd|' /C calc'!A0,,,,,"
          "\"{\"\"enabled\"\":true,\"\"n\"\":1}\",," +
              to_hex(sha256("x")) + "\r\n");
    const auto head = cp::audit::csv_head();
    CHECK(split(std::string_view(head), ',').size() == 20);
}
