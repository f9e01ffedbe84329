#include "common/backup/manifest.hpp"

#include <catch2/catch.hpp>

#include "common/backup/client_programs.hpp"
#include "common/base/crypto.hpp"

using namespace fanion;
using namespace fanion::backup;

namespace {

Manifest example() {
    Manifest m;
    m.id = "20261130T021500Z-5f0c1d2e";
    m.begun_at = 1'764'468'900'000;
    m.ended_at = 1'764'468'905'250;
    m.fanion = "0.1.0";
    m.iss = "fanion:7d1f";
    m.epoch = 1'763'719'200;
    m.schema = 52;
    m.server = "15.8";
    m.pg_dump = "15.8";
    m.owner = "fanion_owner";
    m.extensions = {"pg_trgm"};
    m.recipients = {std::string(32, 'a'), std::string(32, 'b')};
    m.trust = 3;
    m.environments = {{"e_1", "acme/web/production", "1763719200.12", ""},
                      {"e_2", "acme/web/qa", "1763719200.1", "why"}};
    m.rows = {{"fanion.flags", 12}, {"fanion.orgs", 1}};
    m.database = {70, to_hex(sha256("d")), {{100, to_hex(sha256("1"))}, {20, to_hex(sha256("2"))}}};
    m.rulesets = {7, to_hex(sha256("r")), {{30, to_hex(sha256("3"))}}};
    return m;
}

std::string replaced(std::string text, const std::string& from, const std::string& to) {
    const auto at = text.find(from);
    REQUIRE(at != std::string::npos);
    return text.replace(at, from.size(), to);
}

}  // namespace

TEST_CASE("a manifest is read as it was written") {
    const auto manifest = example();
    const auto read = parse_manifest(to_json(manifest));
    REQUIRE(read.has_value());
    CHECK((*read == manifest));
    CHECK(manifest.sealed_bytes() == 150);
    // What a later version adds is ignored.
    CHECK((parse_manifest(replaced(to_json(manifest), "{", R"({"later":1,)")).value() == manifest));
}

TEST_CASE("a damaged manifest is refused with the place of the damage") {
    const auto text = to_json(example());
    const auto refusal = [](const std::string& damaged) {
        const auto read = parse_manifest(damaged);
        REQUIRE(read.has_error());
        CHECK((read.error().code == Errc::invalid_input));
        return read.error().detail;
    };
    for (std::size_t length = 0; length < text.size(); ++length)
        REQUIRE(parse_manifest(text.substr(0, length)).has_error());
    CHECK(refusal("{}").find("not that of a backup") != std::string::npos);
    CHECK(refusal(replaced(text, R"("v":1)", R"("v":2)")).find("format 2") != std::string::npos);
    CHECK(refusal(replaced(text, to_hex(sha256("3")), "none")).find("/rulesets/pieces/0/sha256") != std::string::npos);
    CHECK(refusal(replaced(text, R"("schema":52)", R"("schema":"52")")).find("/schema") != std::string::npos);
    CHECK(refusal(replaced(text, R"("iss":"fanion:7d1f",)", "")).find("/iss") != std::string::npos);
    CHECK(refusal(replaced(text, R"("fanion.flags":12)", R"("fanion.flags":-1)")).find("fanion.flags") !=
          std::string::npos);
}

TEST_CASE("only objects of a backup are recognised") {
    CHECK(piece_name(Stream::database, 7) == "database.00007.cms");
    CHECK(piece_name(Stream::rulesets, 123'456) == "rulesets.123456.cms");
    for (const auto* name : {"manifest.json", "manifest.cms", "database.00007.cms", "rulesets.123456.cms"})
        CHECK(is_backup_object(name));
    for (const auto* name : {"", "notes.txt", "manifest.json.tmp", "database..cms", "database.1.cms",
                             "database.0000x.cms", "rulesets.00001.cms.tmp", "database.00001"})
        CHECK_FALSE(is_backup_object(name));
}

TEST_CASE("versions of PostgreSQL's programs") {
    CHECK(version_in("pg_dump (PostgreSQL) 15.8 (Debian 15.8-0+deb12u1)\n") == "15.8");
    CHECK(version_in("psql (PostgreSQL) 17beta1\n") == "17beta1");
    CHECK(version_in("something else 15.8") == "");
    CHECK(major_of("15.8") == 15);
    CHECK(major_of("17beta1") == 17);
    CHECK(major_of("") == 0);
    CHECK(major_of("devel") == 0);
}
