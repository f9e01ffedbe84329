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
        files.prune(std::nullopt);
        CHECK(files.list() == Versions{{7, 5}, {7, 4}, {7, 3}});
    }
    SECTION("and an older one that proved itself") {
        files.prune(wire::Version{7, 1});
        CHECK(files.list() == Versions{{7, 5}, {7, 4}, {7, 3}, {7, 1}});
    }
}

TEST_CASE("the remains of an interrupted save are not listed, and are removed") {
    const test::TemporaryDirectory directory;
    const auto files = with_versions(directory / "e_1", {{7, 1}});
    const auto left = directory / "e_1/7.2.ruleset.tmp";
    std::ofstream(left) << "half";
    std::ofstream(directory / "e_1/notes.txt") << "x";
    CHECK(files.list() == Versions{{7, 1}});
    files.prune(std::nullopt);
    CHECK_FALSE(std::filesystem::exists(left));
    CHECK(files.list() == Versions{{7, 1}});
}

TEST_CASE("a missing directory holds no snapshots") {
    const test::TemporaryDirectory directory;
    const SnapshotFiles files(directory / "none");
    CHECK(files.list().empty());
    files.prune(std::nullopt);
    files.erase_all();
}
