// The small files beside the snapshots: floor, probation, marks.

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <catch2/catch.hpp>
#include <csignal>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <functional>
#include <thread>

#include "relay/cache/compile_mark.hpp"
#include "relay/cache/crash_mark.hpp"
#include "relay/cache/durable_file.hpp"
#include "relay/cache/floor.hpp"
#include "relay/cache/probation.hpp"
#include "relay/cache/relay_keys_file.hpp"
#include "tests/support/catch_result.hpp"
#include "tests/support/temporary_directory.hpp"

using namespace fanion;
using namespace fanion::relay::cache;

namespace {

constexpr UnixMillis recorded_at = 1'763'720'000'000;

wire::Floor ruleset(std::uint64_t number) { return {{7, number}, sha256("root " + std::to_string(number))}; }

bool operator_equal(const std::optional<wire::Floor>& a, const wire::Floor& b) {
    return a && a->version == b.version && a->root == b.root;
}

const EarlierEnd crashed{true, std::nullopt};

// A process that starts after a crash and serves what it finds.
std::optional<wire::Floor> start(Probation& probation, std::uint64_t serves) {
    const auto quarantined = probation.record_start(crashed, recorded_at).by_crash;
    probation.begin(ruleset(serves));
    return quarantined;
}

}  // namespace

TEST_CASE("a floor reads back as it was written") {
    const auto text = format_floor(ruleset(12));
    CHECK(operator_equal(parse_floor(text), ruleset(12)));
    CHECK(text.starts_with("fanion-floor 1 7.12 "));
}

TEST_CASE("a floor with any byte changed, missing or added is damaged") {
    const auto text = format_floor(ruleset(12));
    for (std::size_t i = 0; i < text.size(); ++i) {
        CAPTURE(i);
        auto flipped = text;
        flipped[i] = static_cast<char>(flipped[i] ^ 1);
        CHECK_FALSE(parse_floor(flipped));
        CHECK_FALSE(parse_floor(text.substr(0, i)));
    }
    CHECK_FALSE(parse_floor(text + "\n"));
}

TEST_CASE("a floor is stored on disk, and a damaged file is distinguished from a missing one") {
    const test::TemporaryDirectory directory;
    CHECK_FALSE(load_floor(directory.path()).floor);
    CHECK_FALSE(load_floor(directory.path()).problem);
    REQUIRE(save_floor(directory.path(), ruleset(3)));
    CHECK(operator_equal(load_floor(directory.path()).floor, ruleset(3)));
    std::ofstream(directory / "floor") << "rubbish";
    CHECK_FALSE(load_floor(directory.path()).floor);
    CHECK(load_floor(directory.path()).problem);
}

TEST_CASE("a floor is only raised") {
    CHECK(raised(std::nullopt, ruleset(2)).version.number == 2);
    CHECK(raised(ruleset(3), ruleset(2)).version.number == 3);
    CHECK(raised(ruleset(3), ruleset(4)).version.number == 4);
}

TEST_CASE("relay keys read back as they were written") {
    const auto keys = GENERATE(std::vector<Sha256>(), std::vector<Sha256>{sha256("a")},
                               std::vector<Sha256>(most_former_keys, sha256("b")));
    CHECK(parse_relay_keys(format_relay_keys(keys)) == keys);
    const test::TemporaryDirectory directory;
    CHECK_FALSE(load_relay_keys(directory.path()).problem);
    REQUIRE(save_relay_keys(directory.path(), keys));
    CHECK(load_relay_keys(directory.path()).hashes == keys);
    CHECK_FALSE(load_relay_keys(directory.path()).problem);
}

TEST_CASE("relay keys with any byte changed, missing or added are damaged, and too many are not read") {
    const auto text = format_relay_keys({sha256("a"), sha256("b")});
    for (std::size_t i = 0; i < text.size(); ++i) {
        CAPTURE(i);
        auto flipped = text;
        flipped[i] = static_cast<char>(flipped[i] ^ 1);
        CHECK_FALSE(parse_relay_keys(flipped));
        CHECK_FALSE(parse_relay_keys(text.substr(0, i)));
    }
    CHECK_FALSE(parse_relay_keys(text + "\n"));
    const std::vector<Sha256> too_many(most_former_keys + 1, sha256("a"));
    CHECK_FALSE(parse_relay_keys(format_relay_keys(too_many)));
    const test::TemporaryDirectory directory;
    REQUIRE(save_relay_keys(directory.path(), too_many));
    CHECK(load_relay_keys(directory.path()).hashes.empty());
    CHECK(load_relay_keys(directory.path()).problem);
}

TEST_CASE("words that are no hashes are damage, whatever the checksum says") {
    const auto with_sum = [](std::string text) { return text + to_hex(sha256(text)) + "\n"; };
    CHECK(parse_relay_keys(with_sum("fanion-relay-keys 1 " + to_hex(sha256("a")) + " ")));
    CHECK_FALSE(parse_relay_keys(with_sum("fanion-relay-keys 1 " + std::string(64, 'g') + " ")));
    CHECK_FALSE(parse_relay_keys(with_sum("fanion-relay-keys 1  ")));
    CHECK_FALSE(parse_relay_keys(with_sum("fanion-relay-keys 2 ")));
    CHECK_FALSE(parse_relay_keys(with_sum("")));
}

TEST_CASE("two crashes on probation put the root into quarantine for a day, or until a newer version") {
    Probation probation;
    probation.begin(ruleset(5));
    CHECK_FALSE(start(probation, 5));
    CHECK(operator_equal(start(probation, 4), ruleset(5)));
    CHECK(probation.is_quarantined(ruleset(5), recorded_at));
    CHECK(probation.is_quarantined(ruleset(5), recorded_at + quarantine_time - 1));
    CHECK_FALSE(probation.is_quarantined(ruleset(5), recorded_at + quarantine_time));
    CHECK_FALSE(probation.is_quarantined(ruleset(4), recorded_at));
    const wire::Floor older{{7, 2}, ruleset(5).root};
    const wire::Floor newer{{7, 6}, ruleset(5).root};
    CHECK(probation.is_quarantined(older, recorded_at));
    CHECK_FALSE(probation.is_quarantined(newer, recorded_at));
    CHECK(probation.begin(newer));
    CHECK(probation.quarantined().empty());
}

TEST_CASE("a process that was killed from outside does not count") {
    Probation probation;
    probation.begin(ruleset(5));
    for (int i = 0; i < 5; ++i) {
        CHECK_FALSE(probation.record_start({}, recorded_at).by_crash);
        CHECK_FALSE(probation.begin(ruleset(5)));
    }
    CHECK_FALSE(start(probation, 5));
    CHECK(start(probation, 4));
}

TEST_CASE("a compile that never came back counts for its ruleset, also when the process was killed") {
    Probation probation;
    const auto start_after = [&](std::uint64_t compiling) {
        return probation.record_start({false, ruleset(compiling)}, recorded_at).by_compile;
    };
    CHECK_FALSE(start_after(6));
    CHECK_FALSE(start_after(7));
    CHECK_FALSE(start_after(6));
    CHECK(operator_equal(start_after(6), ruleset(6)));
    CHECK(probation.is_quarantined(ruleset(6), recorded_at));
    CHECK_FALSE(probation.is_quarantined(ruleset(7), recorded_at));
}

TEST_CASE("a compile counts only with the one of the start before, and never against a proven ruleset") {
    Probation probation;
    const auto start_after_compile = [&] {
        return probation.record_start({false, ruleset(6)}, recorded_at).by_compile;
    };
    for (int i = 0; i < 3; ++i) {
        CHECK_FALSE(start_after_compile());
        CHECK_FALSE(probation.record_start({}, recorded_at).by_compile);
    }
    CHECK_FALSE(start_after_compile());
    probation.begin(ruleset(6));
    probation.mark_proven();
    for (int i = 0; i < 3; ++i) CHECK_FALSE(start_after_compile());
    CHECK_FALSE(probation.is_quarantined(ruleset(6), recorded_at));
}

TEST_CASE("the mark of a compile is there while it runs") {
    const test::TemporaryDirectory directory;
    const auto folder = directory / "e_1";
    {
        const CompileMark mark(folder, ruleset(5));
        CHECK(has_compile_mark(folder));
    }
    CHECK_FALSE(std::filesystem::exists(folder));
    std::filesystem::create_directory(folder);
    CHECK_FALSE(take_compile_mark(folder));
    REQUIRE(replace_file(folder + "/compiling", format_floor(ruleset(5)), Durability::process));
    CHECK(operator_equal(take_compile_mark(folder), ruleset(5)));
    CHECK_FALSE(has_compile_mark(folder));
    REQUIRE(replace_file(folder + "/compiling", "rubbish", Durability::process));
    CHECK_FALSE(take_compile_mark(folder));
    CHECK_FALSE(has_compile_mark(folder));
}

// In a child process, because the handlers stay and the crash is real.
TEST_CASE("a crash marks itself, and a kill from outside does not") {
    struct End {
        std::string name;
        std::function<void()> run;
        bool is_marked;
    };
    const End ends[] = {
        {"SIGSEGV", [] { ::raise(SIGSEGV); }, true},
        {"SIGABRT", [] { std::abort(); }, true},
        {"SIGBUS", [] { ::raise(SIGBUS); }, true},
        {"SIGFPE", [] { ::raise(SIGFPE); }, true},
        {"SIGILL", [] { ::raise(SIGILL); }, true},
        {"an uncaught exception", [] { std::thread([] { throw 1; }).join(); }, true},
        {"a fault",
         [] {
             void* page = ::mmap(nullptr, 4096, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
             *static_cast<volatile char*>(page) = 1;
         },
         true},
        {"SIGKILL", [] { ::raise(SIGKILL); }, false},
        {"SIGTERM", [] { ::raise(SIGTERM); }, false},
        {"SIGSEGV of another process",
         [] {
             for (;;) ::pause();
         },
         false},
    };
    for (const auto& end : ends) {
        CAPTURE(end.name);
        const test::TemporaryDirectory directory;
        int ready[2];
        REQUIRE(::pipe(ready) == 0);
        const pid_t child = ::fork();
        if (child == 0) {
            ::setrlimit(RLIMIT_CORE, std::array{rlimit{0, 0}}.data());
            ::dup2(::open("/dev/null", O_WRONLY), 2);
            for (const int signal : {SIGSEGV, SIGABRT, SIGBUS, SIGFPE, SIGILL, SIGTERM}) std::signal(signal, SIG_DFL);
            mark_crashes(directory.path());
            (void)!::write(ready[1], "x", 1);
            end.run();
            ::_exit(0);
        }
        REQUIRE(child > 0);
        char byte = 0;
        REQUIRE(::read(ready[0], &byte, 1) == 1);
        if (end.name == "SIGSEGV of another process") ::kill(child, SIGSEGV);
        int status = 0;
        REQUIRE(::waitpid(child, &status, 0) == child);
        CHECK(WIFSIGNALED(status));
        CHECK(take_crash_mark(directory.path()) == end.is_marked);
        CHECK_FALSE(take_crash_mark(directory.path()));
        ::close(ready[0]);
        ::close(ready[1]);
    }
}

TEST_CASE("the count belongs to one root") {
    Probation probation;
    probation.begin(ruleset(5));
    CHECK_FALSE(start(probation, 5));
    CHECK(probation.begin(ruleset(6)));
    CHECK_FALSE(start(probation, 6));
    CHECK(operator_equal(start(probation, 6), ruleset(6)));
}

TEST_CASE("a proven ruleset is served without a mark, also after a restart") {
    Probation probation;
    REQUIRE(probation.begin(ruleset(5)));
    probation.mark_proven();
    CHECK_FALSE(probation.mark());
    for (int i = 0; i < 5; ++i) CHECK_FALSE(start(probation, 5));
    CHECK_FALSE(probation.mark());
}

TEST_CASE("a clean shutdown does not count as a crash") {
    Probation probation;
    probation.begin(ruleset(5));
    for (int i = 0; i < 5; ++i) {
        probation.clear_mark();
        CHECK_FALSE(start(probation, 5));
    }
}

TEST_CASE("a quarantine that leaves nothing to serve can be lifted") {
    Probation probation;
    probation.begin(ruleset(5));
    start(probation, 5);
    REQUIRE(probation.record_start(crashed, recorded_at).by_crash);
    probation.release(ruleset(5));
    CHECK_FALSE(probation.is_quarantined(ruleset(5), recorded_at));
}

TEST_CASE("the probation record reads back as it was written, and any damage is found") {
    Probation probation;
    probation.begin(ruleset(4));
    probation.mark_proven();
    probation.begin(ruleset(5));
    start(probation, 5);
    start(probation, 3);
    probation.record_start({false, ruleset(9)}, recorded_at);
    const auto text = probation.format();
    const auto parsed = Probation::parse(text);
    REQUIRE(parsed);
    CHECK(parsed->format() == text);
    CHECK(operator_equal(parsed->proven(), ruleset(4)));
    CHECK(parsed->is_quarantined(ruleset(5), recorded_at));
    REQUIRE(parsed->mark());
    CHECK(operator_equal(parsed->mark()->ruleset, ruleset(3)));
    for (std::size_t i = 0; i < text.size(); ++i) {
        CAPTURE(i);
        auto flipped = text;
        flipped[i] = static_cast<char>(flipped[i] ^ 1);
        CHECK_FALSE(Probation::parse(flipped));
        CHECK_FALSE(Probation::parse(text.substr(0, i)));
    }
}

TEST_CASE("a ruleset is proven after 10 s and 1,000 evaluations, or after 60 s") {
    CHECK_FALSE(is_proven(9'999, 1'000'000));
    CHECK_FALSE(is_proven(10'000, 999));
    CHECK(is_proven(10'000, 1'000));
    CHECK_FALSE(is_proven(59'999, 999));
    CHECK(is_proven(60'000, 0));
}

TEST_CASE("replacing a file leaves nothing but the new content") {
    const test::TemporaryDirectory directory;
    const auto path = directory / "file";
    REQUIRE(replace_file(path, "one", Durability::power_cut));
    REQUIRE(replace_file(path, "two", Durability::process));
    CHECK(**read_whole_file(path, 10) == "two");
    CHECK_FALSE(std::filesystem::exists(path + ".tmp"));
    CHECK(read_whole_file(path, 2).error().code == Errc::too_large);
    CHECK_FALSE(*read_whole_file(directory / "other", 10));
}

TEST_CASE("a failed replacement returns the reason, and the old content stays") {
    const test::TemporaryDirectory directory;
    const auto path = directory / "file";
    REQUIRE(replace_file(path, "one", Durability::power_cut));
    std::filesystem::create_directory(path + ".tmp");  // stands for a disk that cannot be written, also for root
    const auto written = replace_file(path, "two", Durability::power_cut);
    REQUIRE_FALSE(written);
    CHECK_FALSE(written.error().detail.empty());
    CHECK(**read_whole_file(path, 10) == "one");
}
