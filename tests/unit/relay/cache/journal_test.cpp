// The journal's format, and starts with what damage leaves of one.

#include "relay/cache/journal.hpp"

#include <algorithm>
#include <catch2/catch.hpp>
#include <filesystem>

#include "common/base/file.hpp"
#include "relay/cache/environment_loader.hpp"
#include "relay/cache/floor.hpp"
#include "tests/support/catch_result.hpp"
#include "tests/support/signed_environment.hpp"
#include "tests/support/temporary_directory.hpp"

using namespace fanion;
using namespace fanion::relay::cache;
using fanion::test::SignedEnvironment;

namespace {

constexpr std::size_t record_count = 3;

JournalRecord record_of(const SignedEnvironment& environment) {
    const auto delta = environment.delta_manifest();
    const auto full = environment.full();
    const auto lines = full.find('\n', full.find('\n') + 1) + 1;
    return {delta.base->version,
            {environment.version(), environment.root()},
            full.substr(0, lines),
            environment.delta_lines()};
}

// Version 1 as a snapshot, and three deltas that follow it: one adds a flag, one changes it, one removes it.
struct Journaled {
    test::TemporaryDirectory directory;
    SignedEnvironment environment{"e_1"};
    SnapshotFiles files{directory / "env/e_1"};
    std::vector<std::string> wholes;  // the snapshot of each version
    std::vector<JournalRecord> records;
    std::vector<std::size_t> ends;  // of the records in the text, the first being 0
    std::string text;

    Journaled() {
        environment.put_boolean_flag("a", true);
        environment.put_boolean_flag("z", true);
        wholes.push_back(environment.commit());
        ends.push_back(0);
        REQUIRE(files.save(environment.version(), wholes[0]));
        REQUIRE(save_floor(files.directory(), {environment.version(), environment.root()}));
        for (std::size_t i = 0; i < record_count; ++i) {
            i == 2 ? environment.erase("flag/m") : environment.put_boolean_flag("m", i == 0);
            wholes.push_back(environment.commit());
            records.push_back(record_of(environment));
            append_record(text, records.back());
            ends.push_back(text.size());
        }
    }
    wire::Version base() const { return {environment.version().epoch, 1}; }
    std::string path() const { return files.directory() + "/" + wire::to_string(base()) + ".journal"; }

    LoadedEnvironment load(const std::string& journal) const {
        REQUIRE(replace_file(path(), journal, Durability::process));
        PrepareInput input;
        input.trust = std::make_shared<wire::TrustDocument>(wire::parse_first_trust(environment.trust()).value());
        input.env_id = "e_1";
        input.now = SignedEnvironment::start;
        return load_environment(files, input, false);
    }
    // What is served of it: a version, which has the content that was signed.
    std::uint64_t version_of(const LoadedEnvironment& loaded) const {
        REQUIRE(loaded.candidate);
        const auto number = loaded.candidate->state->version.number;
        REQUIRE(snapshot_bytes(*loaded.candidate) == wholes.at(number - 1));
        REQUIRE(loaded.chain);
        CHECK(loaded.chain->tip.number == number);
        return number;
    }
    std::size_t complete(std::size_t size) const {  // records that end before
        std::size_t count = 0;
        while (count < record_count && ends[count + 1] <= size) ++count;
        return count;
    }
};

}  // namespace

TEST_CASE("what is written to a journal is read again") {
    const Journaled rig;
    const auto journal = parse_journal(rig.text);
    CHECK(journal.records == rig.records);
    CHECK(journal.skipped == 0);
    REQUIRE(journal.floor);
    CHECK(journal.floor->version == rig.environment.version());
    CHECK(parse_journal("").records.empty());
}

TEST_CASE("a replay is the snapshot that the version would have, to the byte") {
    const Journaled rig;
    std::vector<const JournalRecord*> records;
    for (std::size_t i = 0; i < record_count; ++i) {
        records.push_back(&rig.records[i]);
        const auto replayed = replay(rig.wholes[0], records);
        CHECK(replayed.size() == rig.wholes[i + 1].size());  // a new item is last
        if (i == 2) CHECK(replayed == rig.wholes[3]);
    }
    CHECK(replay(rig.wholes[0], {}) == rig.wholes[0]);
    CHECK(replay("", records) == records.back()->head);
}

TEST_CASE("of a journal that is cut at any byte, the complete deltas are served, and the floor is not above them") {
    const Journaled rig;
    for (std::size_t size = 0; size <= rig.text.size(); ++size) {
        const auto cut = rig.text.substr(0, size);
        const auto journal = parse_journal(cut);
        const auto complete = rig.complete(size);
        // Without its last line, the floor's, a delta is whole.
        const bool is_floor_cut = journal.records.size() == complete + 1 && size >= rig.ends[complete + 1] - 200;
        CAPTURE(size);
        REQUIRE((journal.records.size() == complete || is_floor_cut));
        REQUIRE(journal.floor.has_value() == !journal.records.empty());
        if (journal.floor) REQUIRE(journal.floor->version == journal.records.back().floor.version);
        const bool is_boundary = size == rig.ends[complete];
        if (!is_boundary && size % 97 != 0) continue;  // a start verifies signatures
        const auto loaded = rig.load(cut);
        CHECK(rig.version_of(loaded) == journal.records.size() + 1);
        REQUIRE(loaded.floor);
        CHECK(loaded.floor->version.number == journal.records.size() + 1);
        CHECK(loaded.problems.empty() == (journal.skipped == 0));
    }
}

TEST_CASE("no flipped bit of a journal lowers the floor or gets served") {
    const Journaled rig;
    const auto newest = rig.environment.version();
    for (std::size_t at = 0; at < rig.text.size(); ++at) {
        CAPTURE(at);
        auto flipped = rig.text;
        flipped[at] = static_cast<char>(flipped[at] ^ (1 << at % 8));
        const auto journal = parse_journal(flipped);
        REQUIRE(journal.records.size() >= record_count - 1);
        REQUIRE(journal.floor);
        REQUIRE(journal.floor->version == newest);
        for (const auto& record : journal.records)
            REQUIRE(std::find(rig.records.begin(), rig.records.end(), record) != rig.records.end());
        if (at % 97 != 0) continue;
        const auto loaded = rig.load(flipped);
        const auto damaged = rig.complete(at);  // so many are before
        const auto served = rig.version_of(loaded);
        CHECK(served > damaged);
        CHECK(loaded.floor->version == newest);
        CHECK(loaded.problems.empty() == (journal.skipped == 0));
    }
}

TEST_CASE("a journal with intact checksums and another content is not served") {
    Journaled rig;
    rig.records[2].lines = "flag/a\t" + SignedEnvironment::boolean_flag("a", false) + "\n";
    std::string forged;
    for (const auto& record : rig.records) append_record(forged, record);
    const auto loaded = rig.load(forged);
    CHECK(rig.version_of(loaded) == 3);
    REQUIRE(loaded.rejection);
    CHECK(loaded.rejection->code == wire::Nack::integrity);
}

TEST_CASE("a journal that does not fit its base is ignored and reported") {
    const Journaled rig;
    REQUIRE(std::filesystem::remove(rig.files.directory() + "/" + wire::to_string(rig.base()) + ".ruleset"));
    auto older = SignedEnvironment("e_1", rig.environment);
    const auto whole = older.commit();  // of version 1 with another content
    REQUIRE(rig.files.save(older.version(), whole));
    SECTION("with a base of another content, nothing is served that was not signed") {
        REQUIRE(std::filesystem::remove(rig.files.directory() + "/floor"));
        const auto loaded = rig.load(rig.text.substr(0, rig.ends[1]));
        REQUIRE(loaded.candidate);
        CHECK(snapshot_bytes(*loaded.candidate) == whole);
        CHECK_FALSE(loaded.problems.empty());
    }
    SECTION("without its first delta") {
        const auto loaded = rig.load(rig.text.substr(rig.ends[1]));
        REQUIRE(loaded.candidate);  // below the floor: an old answer is better than none
        CHECK(snapshot_bytes(*loaded.candidate) == whole);
        CHECK(loaded.floor->version == rig.environment.version());
        CHECK(std::any_of(loaded.problems.begin(), loaded.problems.end(),
                          [](const std::string& problem) { return problem.find("is ignored") != std::string::npos; }));
    }
}

TEST_CASE("a torn snapshot is made up for by the one before and its journal") {
    const Journaled rig;
    REQUIRE(rig.files.save({rig.base().epoch, 3}, rig.wholes[2].substr(0, rig.wholes[2].size() / 2)));
    const auto loaded = rig.load(rig.text);
    CHECK(rig.version_of(loaded) == 4);
    CHECK(loaded.chain->snapshot == rig.base());
    CHECK_FALSE(loaded.rejection);
}
