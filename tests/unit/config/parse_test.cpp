#include "common/config/parse.hpp"

#include <catch2/catch.hpp>
#include <fstream>

#include "tests/support/temporary_directory.hpp"

using namespace fanion;
using namespace fanion::config;
using Arguments = std::vector<std::string>;
using Variables = std::map<std::string, std::string, std::less<>>;

namespace {

// One option of each kind.
struct Settings {
    std::string name = "nobody";
    std::filesystem::path folder;
    std::vector<std::string> urls;
    bool loud = false;
    Endpoint listen{"127.0.0.1", 80};
    LogLevel level = LogLevel::warn;
    unsigned threads = 0;
    std::chrono::milliseconds pause{250};
    std::optional<std::chrono::milliseconds> limit;
};

Options options_of(Settings& s) {
    Options options;
    options.add("name", "what it is called").text(s.name).also("NAME");
    options.group("More");
    options.add("folder", "where").path(s.folder);
    options.add("urls", "whom to ask").list(s.urls);
    options.add("loud", "say more").flag(s.loud);
    options.add("listen", "address").endpoint(s.listen);
    options.add("level", "of the log").level(s.level).reread();
    options.add("threads", "how many").number(s.threads, 1, 8).otherwise("one per processor");
    options.add("some-pause", "milliseconds").duration(s.pause, 100, 1'000);
    options.add("limit", "milliseconds").duration(s.limit, 0);
    return options;
}

struct Outcome : Reading {
    Settings settings;
};

Outcome read(const Arguments& arguments, const Variables& variables = {}) {
    Outcome out;
    const Program program{"prog", "Does this.", "1.2", "The end.", {{"go", "goes"}, {"stop", "stops"}}};
    auto& reading = static_cast<Reading&>(out);
    reading =
        parse(program, options_of(out.settings), arguments, [&](std::string_view name) -> std::optional<std::string> {
            const auto found = variables.find(name);
            return found == variables.end() ? std::nullopt : std::optional(found->second);
        });
    return out;
}

}  // namespace

TEST_CASE("every kind of option takes its value") {
    const auto out = read({"go", "--name=x", "--folder", "/f", "--urls", "a,b", "--urls", "c", "--loud", "--listen",
                           "[::1]:9", "--level", "debug", "--threads", "3", "--some-pause", "100", "--limit", "0"});
    CHECK(out.errors.empty());
    CHECK_FALSE(out.answer);
    CHECK(out.commands == Arguments{"go"});
    const auto& s = out.settings;
    CHECK(s.name == "x");
    CHECK(s.folder == "/f");
    CHECK(s.urls == Arguments{"a", "b", "c"});
    CHECK(s.loud);
    CHECK(s.listen.address == "::1");
    CHECK(s.level == LogLevel::debug);
    CHECK(s.threads == 3);
    CHECK(s.pause.count() == 100);
    CHECK(s.limit == std::chrono::milliseconds(0));
    CHECK(out.given.at("urls") == "a,b,c");
    CHECK(out.given.at("loud") == "true");
}

TEST_CASE("what is not given, or given as nothing in the environment, is as it was") {
    const auto out = read({}, {{"FANION_THREADS", ""}});
    CHECK(out.errors.empty());
    CHECK(out.settings.name == "nobody");
    CHECK(out.settings.threads == 0);
    CHECK_FALSE(out.settings.limit);
    CHECK(out.given.empty());
}

TEST_CASE("every option may stand in the environment, under a further name too, which gives way") {
    const Variables all{{"FANION_URLS", "a,b"}, {"FANION_LOUD", "true"}, {"FANION_SOME_PAUSE", "500"}, {"NAME", "n"}};
    const auto out = read({}, all);
    CHECK(out.errors.empty());
    CHECK(out.settings.urls == Arguments{"a", "b"});
    CHECK(out.settings.loud);
    CHECK(out.settings.pause.count() == 500);
    CHECK(out.settings.name == "n");
    CHECK(read({}, {{"NAME", "n"}, {"FANION_NAME", "m"}}).settings.name == "m");
}

TEST_CASE("options win over the environment, the environment over the file") {
    const test::TemporaryDirectory directory;
    std::ofstream(directory / "file")
        << "threads = 3\nsome-pause = 300\nname = file\nloud = true\nurls = [\"f\", \"g\"]\n";
    const Variables variables{{"FANION_CONFIG", directory / "file"},
                              {"FANION_THREADS", "2"},
                              {"FANION_SOME_PAUSE", "200"},
                              {"FANION_URLS", "e"}};
    const auto out = read({"--threads", "1", "--urls", "c"}, variables);
    CHECK(out.errors.empty());
    CHECK(out.settings.threads == 1);
    CHECK(out.settings.pause.count() == 200);
    CHECK(out.settings.name == "file");
    CHECK(out.settings.loud);
    CHECK(out.settings.urls == Arguments{"c"});
    CHECK(read({"--config", directory / "file"}).settings.urls == Arguments{"f", "g"});
}

TEST_CASE("every mistake is told, in the order of the table, and the good values are taken") {
    const auto out = read({"--unheard", "--listen", "nowhere", "--level", "shrill", "--threads", "9", "--some-pause",
                           "99", "--limit", "-1", "--name", "x"});
    const Arguments expected{"unknown argument: --unheard",
                             "--listen: 'nowhere' is not of the form ADDRESS:PORT or unix:/PATH",
                             "--level: 'shrill' is not one of debug, info, warn, error",
                             "--threads: '9' is not a number from 1 to 8",
                             "--some-pause: '99' is not a number from 100 to 1000",
                             "--limit: '-1' is not a number from 0 to 604800000"};
    CHECK(out.errors == expected);
    CHECK(out.settings.name == "x");
}

TEST_CASE("a file that is not there, or has an unknown name, is a mistake") {
    const test::TemporaryDirectory directory;
    CHECK(read({"--config", directory / "none"}).errors.size() == 1);
    std::ofstream(directory / "file") << "unheard = 1\n";
    const auto out = read({"--config", directory / "file"});
    REQUIRE(out.errors.size() == 1);
    CHECK(out.errors[0].find("unheard") != std::string::npos);
}

TEST_CASE("--help is written from the table, whatever else is given") {
    const auto help = read({"go", "--help", "--threads", "x"}).answer.value_or("");
    for (const std::string expected :
         {"Does this.", "The end.", "More:", "what it is called [nobody]", "address [127.0.0.1:80]",
          "read again at SIGHUP [warn]", "how many [one per", "milliseconds [250]", "FANION_CONFIG", "stops"}) {
        CAPTURE(expected, help);
        CHECK(help.find(expected) != std::string::npos);
    }
    CHECK(read({"--version"}).answer == "prog 1.2\n");
}
