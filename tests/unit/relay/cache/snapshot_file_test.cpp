#include <catch2/catch.hpp>
#include <fstream>

#include "relay/cache/snapshot_file.hpp"
#include "tests/support/catch_result.hpp"
#include "tests/support/temporary_directory.hpp"

using namespace fanion;
using namespace fanion::relay::cache;

namespace {

using Versions = std::vector<wire::Version>;

SnapshotFiles with_versions(const std::string& directory, const Versions& versions) {
    SnapshotFiles files(directory);
    for (const auto version : versions) REQUIRE(files.save(version, "content of " + wire::to_string(version)));
    return files;
}

}  // namespace

TEST_CASE("snapshots are listed newest first, in numeric order") {
    const test::TemporaryDirectory directory;
    const auto files = with_versions(directory / "e_1", {{7, 9}, {7, 10}, {6, 99}, {8, 1}});
    CHECK(files.list() == Versions{{8, 1}, {7, 10}, {7, 9}, {6, 99}});
    CHECK(*files.load({7, 10}, 100) == "content of 7.10");
    CHECK(files.load({7, 11}, 100).error().code == Errc::not_found);
    CHECK(files.load({7, 10}, 3).error().code == Errc::too_large);
}

TEST_CASE("the newest three snapshots and the last proven one are kept") {
    const test::TemporaryDirectory directory;
    const auto files = with_versions(directory / "e_1", {{7, 1}, {7, 2}, {7, 3}, {7, 4}, {7, 5}});
    SECTION("the three newest") {
        files.prune(std::nullopt, SnapshotFiles::Journals::removed);
        CHECK(files.list() == Versions{{7, 5}, {7, 4}, {7, 3}});
    }
    SECTION("and an older one that proved itself") {
        files.prune(wire::Version{7, 1}, SnapshotFiles::Journals::removed);
        CHECK(files.list() == Versions{{7, 5}, {7, 4}, {7, 3}, {7, 1}});
    }
    SECTION("with the journals that lead on from them") {
        for (std::uint64_t base = 1; base <= 5; ++base) REQUIRE(files.append_to_journal({7, base}, 0, "x"));
        files.prune(std::nullopt, SnapshotFiles::Journals::removed);
        CHECK(files.list_journals() == Versions{{7, 5}, {7, 4}, {7, 3}});
    }
    SECTION("or all journals, while their floors are nowhere else") {
        REQUIRE(files.append_to_journal({7, 1}, 0, "x"));
        files.prune(std::nullopt, SnapshotFiles::Journals::kept);
        CHECK(files.list().size() == 3);
        CHECK(files.list_journals() == Versions{{7, 1}});
    }
}

TEST_CASE("the snapshot and the journals that lead to the proven version are kept") {
    const test::TemporaryDirectory directory;
    const auto files = with_versions(directory / "e_1", {{7, 1}, {7, 10}, {7, 20}, {7, 30}, {7, 40}});
    for (const std::uint64_t base : {1, 10, 12, 15, 20, 40}) REQUIRE(files.append_to_journal({7, base}, 0, "x"));
    files.prune(wire::Version{7, 14}, SnapshotFiles::Journals::removed);
    CHECK(files.list() == Versions{{7, 40}, {7, 30}, {7, 20}, {7, 10}});
    CHECK(files.list_journals() == Versions{{7, 40}, {7, 20}, {7, 12}, {7, 10}});
}

TEST_CASE("a journal is appended to at its end only") {
    const test::TemporaryDirectory directory;
    const auto files = with_versions(directory / "e_1", {{7, 1}});
    REQUIRE(files.append_to_journal({7, 1}, 0, "one"));
    REQUIRE(files.append_to_journal({7, 1}, 3, "two"));
    CHECK(*files.load_journal({7, 1}) == "onetwo");
    CHECK_FALSE(files.append_to_journal({7, 1}, 5, "three"));
    CHECK_FALSE(files.append_to_journal({7, 2}, 3, "three"));
    CHECK(*files.load_journal({7, 1}) == "onetwo");
    REQUIRE(files.append_to_journal({7, 1}, 0, "new"));
    CHECK(*files.load_journal({7, 1}) == "new");
}

TEST_CASE("the remains of an interrupted save are not listed, and are removed") {
    const test::TemporaryDirectory directory;
    const auto files = with_versions(directory / "e_1", {{7, 1}});
    const auto left = directory / "e_1/7.2.ruleset.tmp";
    std::ofstream(left) << "half";
    std::ofstream(directory / "e_1/notes.txt") << "x";
    CHECK(files.list() == Versions{{7, 1}});
    files.prune(std::nullopt, SnapshotFiles::Journals::removed);
    CHECK_FALSE(std::filesystem::exists(left));
    CHECK(files.list() == Versions{{7, 1}});
}

TEST_CASE("a missing directory holds no snapshots") {
    const test::TemporaryDirectory directory;
    const SnapshotFiles files(directory / "none");
    CHECK(files.list().empty());
    files.prune(std::nullopt, SnapshotFiles::Journals::removed);
    files.erase_all(SnapshotFiles::Journals::removed);
}
