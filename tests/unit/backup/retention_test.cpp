#include "common/backup/retention.hpp"

#include <catch2/catch.hpp>

#include "common/base/text.hpp"

using namespace fanion;
using namespace fanion::backup;

namespace {

constexpr UnixMillis hour = 3'600'000, day = 24 * hour;
const UnixMillis now = *parse_rfc3339("2026-11-30T03:00:00Z");  // a Monday

StoredBackup made(UnixMillis ago, bool complete = true, bool good = true) {
    return {make_backup_id("fanion:test", now - ago), complete, complete && good};
}

std::vector<StoredBackup> daily(int days) {
    std::vector<StoredBackup> backups;
    for (int i = 0; i < days; ++i) backups.push_back(made(i * day));
    return backups;
}

// How many days ago the backups that stay were begun, newest first.
std::vector<int> kept_days(const std::vector<StoredBackup>& backups, const Retention& retention) {
    const auto removed = outdated(backups, retention, now);
    std::vector<int> days;
    for (const auto& backup : backups)
        if (std::ranges::find(removed, backup.id.text) == removed.end())
            days.push_back(static_cast<int>((now - backup.id.begun_at) / day));
    return days;
}

}  // namespace

TEST_CASE("names of backups sort by time, and say when and of whom they are") {
    const auto id = make_backup_id("fanion:7d1f", *parse_rfc3339("2026-11-30T02:15:00.700Z"));
    CHECK(id.text.starts_with("20261130T021500Z-"));
    CHECK(id.installation == installation_tag("fanion:7d1f"));
    CHECK((parse_backup_id(id.text) == id));
    CHECK(parse_backup_id(id.text)->begun_at == *parse_rfc3339("2026-11-30T02:15:00Z"));
    CHECK(installation_tag("fanion:7d1f") != installation_tag("fanion:7d10"));
    for (const auto* other : {"", "env", "20261130T021500Z", "20261130T021500Z-5F0C1D2E", "20261130T021500Z-5f0c1d2",
                              "20261130T021500Z-5f0c1d2e1", "20261330T021500Z-5f0c1d2e", "2026113xT021500Z-5f0c1d2e"})
        CHECK_FALSE(parse_backup_id(other).has_value());
}

TEST_CASE("the newest ones are kept") {
    CHECK(kept_days(daily(10), {.newest = 3}) == std::vector{0, 1, 2});
    CHECK(outdated(daily(10), {.newest = 3}, now).front() == made(9 * day).id.text);  // oldest first
    CHECK(kept_days(daily(2), {.newest = 3}) == std::vector{0, 1});
    CHECK(outdated(daily(10), {}, now).empty());
    CHECK(outdated({}, {.newest = 1}, now).empty());
}

TEST_CASE("of each week and month the last one is kept") {
    // Today is Monday: yesterday's is the last of the week before.
    CHECK(kept_days(daily(40), {.newest = 2, .weeks = 3}) == std::vector{0, 1, 8});
    CHECK(kept_days(daily(70), {.newest = 1, .months = 3}) == std::vector{0, 30, 61});
    // Weeks without a backup count for nothing.
    CHECK(kept_days({made(0), made(30 * day), made(60 * day), made(90 * day)}, {.newest = 1, .weeks = 3}) ==
          std::vector{0, 30, 60});
}

TEST_CASE("the newest good one is kept, however many bad ones follow") {
    const std::vector backups{made(0, true, false), made(day, true, false), made(2 * day), made(3 * day)};
    CHECK(kept_days(backups, {.newest = 1}) == std::vector{0, 2});
}

TEST_CASE("an unfinished one is removed once nobody can be writing it") {
    CHECK(kept_days({made(0), made(day, false), made(3 * day, false)}, {.newest = 1}) == std::vector{0, 1});
    // One that is newer than every complete one is somebody's that goes on.
    CHECK(kept_days({made(3 * day, false), made(4 * day)}, {.newest = 1}) == std::vector{3, 4});
    // Without a complete one there is nothing to go by.
    CHECK(outdated({made(9 * day, false)}, {.newest = 1}, now).empty());
}
