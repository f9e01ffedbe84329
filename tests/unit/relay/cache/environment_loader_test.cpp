// Starting with a damaged cache directory.

#include <sys/stat.h>

#include <algorithm>
#include <catch2/catch.hpp>
#include <filesystem>
#include <fstream>

#include "tests/support/catch_result.hpp"
#include "tests/support/temporary_directory.hpp"
#include "tests/unit/relay/cache/one_environment.hpp"

using namespace fanion;
using namespace fanion::relay::cache;
using fanion::test::CacheRig;
using fanion::test::env;
using fanion::test::SignedEnvironment;
using fanion::test::TemporaryDirectory;

namespace {

// Versions 1 to 3 on disk, all from one environment.
struct ThreeVersions {
    TemporaryDirectory directory;
    SignedEnvironment environment{env};
    CacheRig relay{directory.path(), environment.trust()};

    ThreeVersions() {
        for (int i = 0; i < 3; ++i) {
            environment.put_boolean_flag("f" + std::to_string(i), true);
            REQUIRE(relay.apply(env, environment.commit()) == "");
        }
    }
    std::string file(std::uint64_t number) const {
        return directory / ("env/e_1/1763719200." + std::to_string(number) + ".ruleset");
    }
    void write(std::uint64_t number, const std::string& bytes) const {
        std::ofstream(file(number), std::ios::binary | std::ios::trunc) << bytes;
    }
    std::string served() {
        const auto version = relay.version(env);
        return version.empty() ? "" : version.substr(version.find('.') + 1);
    }
};

}  // namespace

TEST_CASE("a torn newest snapshot is skipped and the next older one is served") {
    ThreeVersions rig;
    const auto whole = rig.environment.full();
    for (const auto size : {std::size_t{0}, std::size_t{1}, whole.size() / 2, whole.size() - 1}) {
        CAPTURE(size);
        rig.write(3, whole.substr(0, size));
        rig.relay.close_and_restart();
        CHECK(rig.served() == "2");
    }
    CHECK(rig.relay.apply(env, rig.environment.full()) == "");
    CHECK(rig.served() == "3");
}

TEST_CASE("a snapshot with a byte flipped is never served") {
    ThreeVersions rig;
    const auto whole = rig.environment.full();
    PrepareInput input;
    input.trust = std::make_shared<wire::TrustDocument>(wire::parse_first_trust(rig.environment.trust()).value());
    input.env_id = env;
    input.now = SignedEnvironment::start;
    const SnapshotFiles files(rig.directory / "env/e_1");
    for (std::size_t i = 0; i < whole.size(); i += 13) {  // every byte: tests/unit/wire
        CAPTURE(i);
        auto flipped = whole;
        flipped[i] = static_cast<char>(flipped[i] ^ 0x20);
        rig.write(3, flipped);
        const auto loaded = load_environment(files, input, false);
        REQUIRE(loaded.candidate);
        // Line 0 is an unsigned hint: a flip there may leave a document that says the same.
        const bool same = loaded.candidate->state->root == rig.environment.root();
        CHECK((same || loaded.candidate->state->version.number == 2));
        if (i > whole.find('\n')) CHECK_FALSE(same);
    }
}

TEST_CASE("another environment's snapshot in the directory is not served") {
    ThreeVersions rig;
    SignedEnvironment other("e_2", rig.environment);
    for (int i = 0; i < 5; ++i) other.commit();
    rig.write(9, other.full());
    rig.relay.close_and_restart();
    CHECK(rig.served() == "3");
}

TEST_CASE(
    "where all newer snapshots are lost, one below the floor is served, but nothing below it is taken from upstream") {
    ThreeVersions rig;
    std::filesystem::remove(rig.file(3));
    std::filesystem::remove(rig.file(2));
    rig.relay.close_and_restart();
    CHECK(rig.served() == "1");
    CHECK(rig.relay.report(env).floor == wire::Version{1'763'719'200, 3});
    CHECK(rig.relay.apply(env, rig.environment.full()) == "");
    CHECK(rig.served() == "3");
}

TEST_CASE("a damaged floor is restored from the newest valid snapshot") {
    ThreeVersions rig;
    std::ofstream(rig.directory / "env/e_1/floor") << "rubbish";
    rig.relay.close_and_restart();
    CHECK(rig.served() == "3");
    CHECK(rig.relay.report(env).floor == wire::Version{1'763'719'200, 3});
}

TEST_CASE("a damaged probation record does not prevent a start") {
    ThreeVersions rig;
    rig.relay.restart();
    std::ofstream(rig.directory / "env/e_1/probation") << "rubbish";
    rig.relay.restart();
    CHECK(rig.served() == "3");
}

TEST_CASE("a FIFO in place of any file is reported and does not stop the start") {
    ThreeVersions rig;
    const auto name = GENERATE("1763719200.3.ruleset", "1763719200.3.journal", "floor", "probation", "head",
                               "compiling", "../../trust/2.trust");
    CAPTURE(name);
    const auto path = rig.directory / ("env/e_1/" + std::string(name));
    std::filesystem::create_directories(rig.directory / "trust");
    rig.relay.close_and_restart();
    std::filesystem::remove(path);
    REQUIRE(::mkfifo(path.c_str(), 0600) == 0);
    PrepareInput input;
    input.trust = std::make_shared<wire::TrustDocument>(wire::parse_first_trust(rig.environment.trust()).value());
    input.env_id = env;
    const auto problems = load_environment(SnapshotFiles(rig.directory / "env/e_1"), input, false).problems;
    const bool is_named = std::any_of(problems.begin(), problems.end(), [](const std::string& problem) {
        return problem.find("is not a regular file") != std::string::npos;
    });
    const auto is_silent = std::string(name) == "compiling" || std::string(name).ends_with("trust");
    CHECK(is_named == !is_silent);
    rig.relay.restart();
    CHECK(rig.served() == (std::string(name).ends_with(".ruleset") ? "2" : "3"));
}

TEST_CASE("other files in the directory are ignored") {
    ThreeVersions rig;
    std::filesystem::create_directories(rig.directory / "env/lost+found");
    std::ofstream(rig.directory / "env/note.txt") << "x";
    std::filesystem::create_directories(rig.directory / "env/e_empty");
    rig.relay.close_and_restart();
    CHECK(rig.served() == "3");
    CHECK(rig.relay.cache().have().size() == 1);
}

TEST_CASE("a start with an empty cache serves nothing and is not synchronised") {
    const TemporaryDirectory directory;
    const SignedEnvironment environment(env);
    CacheRig relay(directory.path(), environment.trust());
    CHECK(relay.served(env) == nullptr);
    CHECK_FALSE(relay.synchronised());
}
