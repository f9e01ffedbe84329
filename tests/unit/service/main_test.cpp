#include "common/service/main.hpp"

#include <sys/prctl.h>
#include <sys/resource.h>

#include <catch2/catch.hpp>
#include <csignal>
#include <filesystem>
#include <fstream>
#include <stdexcept>

#include "common/service/parse.hpp"
#include "tests/support/temporary_directory.hpp"
#include "tests/unit/service/captured_log.hpp"

using namespace fanion;
using namespace fanion::service;

namespace {

struct MainConfig {
    std::string answer;
    Protection protection;
    LogLevel log_level = LogLevel::error;
};

config::Options main_options(MainConfig& c) {
    config::Options options;
    options.add("answer", "what the program returns").text(c.answer);
    describe_protection(options, c.protection);
    return options;
}

config::Parsed<MainConfig> parse(const std::vector<std::string>& arguments, const config::Environment& environment) {
    return service::parse<MainConfig>({"example", "", "1.2.3", ""}, main_options, arguments, environment);
}

Result<int> run(config::Parsed<MainConfig> parsed, std::function<config::Parsed<MainConfig>()> load, const Log&) {
    if (parsed.config.answer == "throw") throw std::runtime_error("thrown");
    if (parsed.config.answer == "fail") return Error{Errc::unavailable, "the port is in use"};
    return load().config.answer == parsed.config.answer ? 7 : 8;
}

int run_with(std::vector<std::string> arguments) {
    arguments.insert(arguments.begin(), "example");
    std::vector<char*> argv;
    for (auto& argument : arguments) argv.push_back(argument.data());
    return run_program<MainConfig>(static_cast<int>(argv.size()), argv.data(), {"example", parse, run});
}

}  // namespace

TEST_CASE("the exit status is the service's, 0 after --help and --version, 2 for a mistake, 1 for a failure") {
    CHECK(run_with({"--answer", "x"}) == 7);
    CHECK(run_with({"--help"}) == 0);
    CHECK(run_with({"--version"}) == 0);
    CHECK(run_with({"--unknown"}) == 2);
    CHECK(run_with({"--answer", "fail"}) == 1);
    CHECK(run_with({"--answer", "throw"}) == 1);
}

TEST_CASE("why a service cannot start is logged") {
    const test::CapturedLog log;
    const auto fail = []() -> Result<int> { return Error{Errc::unavailable, "the port is in use"}; };
    CHECK(guarded_run("example", log.log(), fail) == 1);
    CHECK(log.has(R"("event":"start_failed","error":)"));
    CHECK(log.has("the port is in use"));
}

TEST_CASE("SIGHUP and SIGPIPE end nothing, even before the service can reload") {
    ignore_signals();
    std::raise(SIGHUP);
    std::raise(SIGPIPE);
    SUCCEED();
}

TEST_CASE("a service leaves no core dump unless it is asked to") {
    ::prctl(PR_SET_DUMPABLE, 1, 0, 0, 0);
    CHECK(run_with({"--answer", "x", "--allow-core-dumps"}) == 7);
    CHECK(::prctl(PR_GET_DUMPABLE, 0, 0, 0, 0) == 1);
    CHECK(run_with({"--answer", "x"}) == 7);
    CHECK(::prctl(PR_GET_DUMPABLE, 0, 0, 0, 0) == 0);
    rlimit limit{1, 1};
    REQUIRE(::getrlimit(RLIMIT_CORE, &limit) == 0);
    CHECK(limit.rlim_max == 0);
    ::prctl(PR_SET_DUMPABLE, 1, 0, 0, 0);
}

TEST_CASE("a key file that others may read is a mistake in its option, unless that is allowed") {
    test::TemporaryDirectory directory;
    const std::string file = directory / "key";
    std::ofstream(file) << "key";
    std::filesystem::permissions(file, std::filesystem::perms(0604));
    config::Reading out;
    check_key_file({}, "key-file", file, out);
    REQUIRE(out.errors.size() == 1);
    CHECK(out.errors[0].starts_with("--key-file: " + file + " has mode 0604"));
    config::Reading none;
    check_key_file({.allow_open_key_files = true}, "key-file", file, none);
    check_key_file({}, "key-file", "", none);
    CHECK(none.errors.empty());
}
