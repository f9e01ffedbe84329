// How deltas get to the disk: appended to a journal, and replaced by a snapshot later.

#include <catch2/catch.hpp>
#include <filesystem>
#include <fstream>

#include "common/base/file.hpp"
#include "relay/cache/journal.hpp"
#include "tests/support/catch_result.hpp"
#include "tests/support/slow_disk.hpp"
#include "tests/unit/relay/cache/one_environment.hpp"

using namespace fanion;
using namespace fanion::relay::cache;
using fanion::test::env;

namespace {

struct Deltas : fanion::test::OneEnvironment {
    Deltas() { REQUIRE(relay.apply(env, change(true)) == ""); }

    // The next version, as a delta; "" when it was applied.
    std::string change_by_delta(bool on) {
        change(on);
        return relay.apply(env, environment.delta());
    }
    SnapshotFiles files() const { return SnapshotFiles(directory / "env/e_1"); }
    std::string journal(std::uint64_t base) const {
        return directory / ("env/e_1/" + wire::to_string({environment.version().epoch, base}) + ".journal");
    }
    void quiet() {
        relay.clock.advance(5'000);
        relay.housekeep();
    }
    std::uint64_t wholes() { return relay.metrics().writes[0].value(); }
    std::uint64_t appended() { return relay.metrics().writes[1].value(); }
    void is_served_after_restart() {
        const auto before = value();
        relay.restart();
        CHECK(relay.version(env) == version());
        CHECK(value() == before);
        CHECK(relay.report(env).floor == environment.version());
    }
};

}  // namespace

TEST_CASE("deltas are appended to a journal, and are there after a kill, with their floor") {
    Deltas rig;
    const auto old = rig.environment.full();
    for (int i = 0; i < 3; ++i) REQUIRE(rig.change_by_delta(i % 2 != 0) == "");
    CHECK(rig.wholes() == 1);
    CHECK(rig.appended() == 3);
    CHECK(rig.files().list().size() == 1);
    CHECK(parse_journal(read_file(rig.journal(1)).value()).records.size() == 3);
    rig.is_served_after_restart();
    CHECK(rig.relay.apply(env, old) == "rollback");

    SECTION("those of the next process go to a journal of their own") {
        REQUIRE(rig.change_by_delta(true) == "");
        CHECK(rig.wholes() == 0);
        CHECK(std::filesystem::exists(rig.journal(4)));
        rig.is_served_after_restart();
    }
    SECTION("without a manifest of the whole too") {
        rig.change(true);
        REQUIRE(rig.relay.apply(env, rig.environment.delta_without_hint()) == "");
        rig.is_served_after_restart();
        CHECK(rig.relay.served(env)->full_head.empty());
    }
    SECTION("also where the snapshot is gone: then the floor is left") {
        std::filesystem::remove(rig.file({rig.environment.version().epoch, 1}));
        rig.relay.restart();
        CHECK(rig.relay.served(env) == nullptr);
        CHECK(rig.relay.apply(env, old) == "rollback");
    }
}

TEST_CASE("when no more deltas come, the whole ruleset replaces them") {
    Deltas rig;
    REQUIRE(rig.change_by_delta(false) == "");
    rig.relay.housekeep();
    CHECK(rig.wholes() == 1);
    rig.quiet();
    CHECK(rig.wholes() == 2);
    CHECK(rig.relay.metrics().applied.value() == 2);
    CHECK(read_file(rig.file(rig.environment.version())).value() == rig.environment.full());
    rig.quiet();
    CHECK(rig.wholes() == 2);
    REQUIRE(rig.change_by_delta(true) == "");
    CHECK(std::filesystem::exists(rig.journal(2)));
    rig.is_served_after_restart();
    rig.quiet();
    CHECK(rig.wholes() == 1);  // of this process
    rig.is_served_after_restart();
}

TEST_CASE("a chain of deltas is bounded, and the journals that lead on from no snapshot are removed") {
    Deltas rig;
    for (std::size_t i = 0; i < 4 * most_deltas; ++i) REQUIRE(rig.change_by_delta(i % 2 != 0) == "");
    CHECK(rig.appended() == 4 * most_deltas);
    CHECK(rig.wholes() >= 1 + 8);  // each time after half of what a chain may have
    CHECK(rig.files().list().size() == SnapshotFiles::kept);
    CHECK(rig.files().list_journals().size() <= SnapshotFiles::kept);
    rig.is_served_after_restart();
}

TEST_CASE("a large delta is written as a whole ruleset") {
    Deltas rig;
    for (int i = 0; i < 300; ++i) rig.environment.put_boolean_flag("many" + std::to_string(i), true);
    REQUIRE(rig.change_by_delta(true) == "");
    CHECK(rig.appended() == 0);
    CHECK(rig.wholes() == 2);
    rig.is_served_after_restart();
}

TEST_CASE("deltas that come while one is written are appended together") {
    Deltas rig;
    {
        fanion::test::SlowDisk disk(fanion::test::DiskOperation::sync);
        rig.change(false);
        REQUIRE(rig.relay.deliver(env, rig.environment.delta()).outcome == wire::Outcome::applied);
        REQUIRE(rig.relay.wait_for_disk(disk));
        for (int i = 0; i < 3; ++i) {
            rig.change(i % 2 == 0);
            REQUIRE(rig.relay.deliver(env, rig.environment.delta()).outcome == wire::Outcome::applied);
        }
        CHECK(rig.relay.version(env) == "1763719200.1");
    }
    rig.relay.settle();
    CHECK(rig.relay.metrics().coalesced.value() == 2);
    CHECK(rig.appended() == 2);
    CHECK(parse_journal(read_file(rig.journal(1)).value()).records.size() == 4);
    rig.is_served_after_restart();
}

TEST_CASE("where a delta cannot be appended, the whole ruleset is written") {
    Deltas rig;
    REQUIRE(rig.change_by_delta(false) == "");
    SECTION("the journal was removed") { std::filesystem::remove(rig.journal(1)); }
    SECTION("the snapshot was removed") { std::filesystem::remove(rig.file({rig.environment.version().epoch, 1})); }
    SECTION("somebody has changed the journal") { std::ofstream(rig.journal(1), std::ios::app) << "x"; }
    REQUIRE(rig.change_by_delta(true) == "");
    CHECK(rig.wholes() == 2);
    CHECK(rig.relay.metrics().disk_failures.value() == 0);
    rig.is_served_after_restart();
}

TEST_CASE("a journal that is removed under the running relay is noticed, and the whole ruleset is written") {
    Deltas rig;
    REQUIRE(rig.change_by_delta(false) == "");
    std::filesystem::remove(rig.journal(1));
    rig.relay.housekeep();
    CHECK(rig.relay.metrics().disk_failures.value() == 1);
    CHECK(rig.wholes() == 2);
    rig.is_served_after_restart();
}

TEST_CASE("after a failed write nothing is appended before the whole ruleset is on disk") {
    Deltas rig;
    {
        const fanion::test::FailingSync disk;
        REQUIRE(rig.change_by_delta(false) == "");
        CHECK(rig.value() == "false");
        CHECK_FALSE(rig.relay.report(env).disk_problem.empty());
    }
    REQUIRE(rig.change_by_delta(true) == "");
    CHECK(rig.appended() == 0);
    CHECK(rig.relay.report(env).disk_problem.empty());
    REQUIRE(rig.change_by_delta(false) == "");
    CHECK(rig.appended() == 1);
    rig.is_served_after_restart();
}

TEST_CASE("a read-only disk does not stop deltas, and the whole ruleset follows when it can be written") {
    Deltas rig;
    {
        const fanion::test::ReadOnlyDisk disk;
        REQUIRE(rig.change_by_delta(false) == "");
        CHECK(rig.value() == "false");
        CHECK(rig.relay.metrics().disk_ok.value() == 0);
    }
    rig.relay.clock.advance(10'000);
    rig.relay.housekeep();
    CHECK(rig.relay.metrics().disk_ok.value() == 1);
    CHECK(read_file(rig.file(rig.environment.version())).value() == rig.environment.full());
    rig.is_served_after_restart();
}

TEST_CASE("a revocation keeps the floor of the deltas") {
    Deltas rig;
    const auto old = rig.environment.full();
    REQUIRE(rig.change_by_delta(false) == "");
    const auto newest = rig.environment.full();
    REQUIRE(rig.relay.head(env, rig.environment.revoked(rig.relay.clock.now())) == "");
    CHECK(rig.files().list_journals().empty());
    rig.relay.restart();
    CHECK(rig.relay.served(env) == nullptr);
    CHECK(rig.relay.apply(env, old) == "rollback");
    CHECK(rig.relay.apply(env, newest) == "");
    CHECK(rig.value() == "false");
}

TEST_CASE("a revocation while a delta is written keeps its floor") {
    Deltas rig;
    const auto old = rig.environment.full();
    {
        fanion::test::SlowDisk disk(fanion::test::DiskOperation::sync);
        rig.change(false);
        REQUIRE(rig.relay.deliver(env, rig.environment.delta()).outcome == wire::Outcome::applied);
        REQUIRE(rig.relay.wait_for_disk(disk));
        rig.relay.cache().deliver_head(env, rig.environment.revoked(rig.relay.clock.now()));
    }
    rig.relay.settle();
    rig.relay.restart();
    CHECK(rig.relay.served(env) == nullptr);
    CHECK(rig.relay.apply(env, old) == "rollback");
}

TEST_CASE("a delta that crashes two processes is quarantined, and the proven version before it is served") {
    Deltas rig;
    rig.environment.put_boolean_flag("other", true);
    REQUIRE(rig.change_by_delta(false) == "");
    const auto proven = rig.version();
    rig.relay.clock.advance(60'000);
    rig.relay.housekeep();
    REQUIRE_FALSE(rig.relay.report(env).on_probation);
    for (int i = 0; i < 5; ++i) {
        rig.environment.put_boolean_flag("more" + std::to_string(i), true);
        REQUIRE(rig.change_by_delta(true) == "");
    }
    const auto poison = rig.environment.full();
    rig.relay.crash_and_restart();
    CHECK(rig.value() == "true");
    rig.relay.crash_and_restart();
    CHECK(rig.relay.version(env) == proven);
    CHECK(rig.value() == "false");
    CHECK(rig.relay.apply(env, poison) == "quarantined");
    rig.quiet();
    rig.relay.restart();
    CHECK(rig.relay.version(env) == proven);
    CHECK(rig.relay.apply(env, poison) == "quarantined");
    CHECK(rig.relay.apply(env, rig.change(false)) == "");
    rig.is_served_after_restart();
}

TEST_CASE("what an earlier version of the program left is served, and deltas follow it") {
    Deltas rig;  // it wrote whole rulesets only
    rig.relay.restart();
    REQUIRE(rig.change_by_delta(false) == "");
    CHECK(rig.appended() == 1);
    SECTION("and that version, which knows no journals, finds an older one and its floor") {
        std::filesystem::remove(rig.journal(1));
        rig.relay.restart();
        CHECK(rig.relay.version(env) == "1763719200.1");
        CHECK(rig.relay.apply(env, rig.environment.full()) == "");
    }
    rig.is_served_after_restart();
}
