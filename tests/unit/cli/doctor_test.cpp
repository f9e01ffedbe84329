#include <catch2/catch.hpp>

#include <algorithm>

#include "common/base/text.hpp"
#include "common/cli/doctor.hpp"
#include "common/cli/files.hpp"
#include "tests/support/temporary_directory.hpp"

using namespace fanion;
using namespace fanion::cli;

namespace {

constexpr std::uint64_t gibibyte = 1ULL << 30;

}  // namespace

TEST_CASE("doctor: clocks may differ by what a network takes") {
    CHECK((judge_clock("x", 0).health == Health::ok));
    CHECK(judge_clock("x", -1'900).found == "agrees with ours");
    CHECK((judge_clock("x", 4'000).health == Health::ok));
    CHECK((judge_clock("x", 5'000).health == Health::warning));
    const auto behind = judge_clock("x", -7'200'000);
    CHECK((behind.health == Health::failure));
    CHECK(behind.found == "is 7200.0 s behind ours");
    CHECK_FALSE(behind.advice.empty());
}

TEST_CASE("doctor: what expires soon is a warning, what has expired a failure") {
    const auto now = *parse_rfc3339("2026-11-30T00:00:00Z");
    constexpr UnixMillis day = 86'400'000;
    const auto judge = [now](UnixMillis at) {
        return judge_expiry({"trust", "t", Health::ok, "", "renew"}, now, at, 30);
    };
    CHECK((judge(now + 30 * day).health == Health::ok));
    CHECK(judge(now + 30 * day).advice.empty());
    CHECK((judge(now + 29 * day).health == Health::warning));
    CHECK(judge(now + 29 * day).advice == "renew");
    CHECK((judge(now).health == Health::failure));
    CHECK(judge(now - day).found == "expired on 2026-11-29");
}

TEST_CASE("doctor: disks") {
    CHECK((judge_disk("/d", 50 * gibibyte, 100 * gibibyte).health == Health::ok));
    CHECK((judge_disk("/d", 9 * gibibyte, 100 * gibibyte).health == Health::warning));
    CHECK((judge_disk("/d", gibibyte / 2, gibibyte).health == Health::warning));
    CHECK((judge_disk("/d", gibibyte, 100 * gibibyte).health == Health::failure));
    CHECK((judge_disk("/d", 0, 0).health == Health::failure));
}

TEST_CASE("doctor: permissions") {
    CHECK((judge_mode("k", 0600, true).health == Health::ok));
    CHECK((judge_mode("k", 0640, true).health == Health::ok));  // as the programs take it
    CHECK((judge_mode("k", 0660, true).health == Health::failure));
    CHECK(judge_mode("k", 0604, true).advice == "chmod 0600 k");
    CHECK((judge_mode("c", 0644, false).health == Health::ok));
    CHECK((judge_mode("c", 0666, false).health == Health::failure));
    CHECK((judge_mode("d", 01777, false).health == Health::ok));  // sticky, as /tmp
}

TEST_CASE("doctor: migrations and settings") {
    CHECK((judge_schema(52, 52).health == Health::ok));
    CHECK(judge_schema(51, 52).advice.find("migrate") != std::string::npos);
    CHECK((judge_schema(53, 52).health == Health::warning));
    CHECK((judge_setting("fsync", "off").health == Health::failure));
    CHECK((judge_setting("fsync", "on").health == Health::ok));
    CHECK((judge_setting("synchronous_commit", "off").health == Health::warning));
    CHECK((judge_setting("synchronous_commit", "remote_apply").health == Health::ok));
    CHECK((judge_setting("server_encoding", "SQL_ASCII").health == Health::failure));
    CHECK((judge_setting("shared_buffers", "1").health == Health::ok));
}

TEST_CASE("doctor: JSON counts what it lists") {
    const Checks checks{{"a", "b", Health::ok, "c", ""}, {"a", "b", Health::failure, "c", "d"}};
    CHECK(
        doctor_json(checks) ==
        R"({"checks":[{"area":"a","subject":"b","state":"ok","found":"c","advice":""},)"
        R"({"area":"a","subject":"b","state":"failure","found":"c","advice":"d"}],"ok":1,"warnings":0,"failures":1})");
    CHECK(doctor_text(checks) == "ok       a  b  c\nfailure  a  b  c -> d");
}

TEST_CASE("doctor: a signing key that is not there may be a signer's, one that is wrong is a failure") {
    const test::TemporaryDirectory directory;
    DoctorOptions options;
    options.data_dir = directory.path();
    const auto key = directory / "signer.pem";
    const auto check_key = [&] {
        Checks checks;
        check_files(options, checks);
        const auto found =
            std::ranges::find_if(checks, [&](const Check& each) { return each.subject == key && each.area == "keys"; });
        REQUIRE(found != checks.end());
        return *found;
    };
    const auto missing = check_key();
    CHECK(missing.health == Health::warning);
    CHECK(missing.advice.find("If --signer is given, its process has the key") != std::string::npos);
    REQUIRE(write_private_file(key, "no key"));
    CHECK(check_key().health == Health::failure);
}
