// What is written from the table of options: the manual page and the configuration file.

#include <catch2/catch.hpp>
#include <fstream>

#include "common/config/parse.hpp"
#include "tests/support/temporary_directory.hpp"

using namespace fanion;
using namespace fanion::config;
using Arguments = std::vector<std::string>;

namespace {

struct SampleSettings {
    std::string text = "as, it is";
    std::string plain;
    std::vector<std::string> urls;
    bool loud = false;
    unsigned threads = 0;
    std::chrono::milliseconds pause{250};
    std::string key_file, url;
};

Options sample_options(SampleSettings& s) {
    Options options;
    options.add("text", "what is said").text(s.text);
    options.add("plain", "a word").text(s.plain).otherwise("the first one").also("PLAIN");
    options.group("More");
    options.add("urls", "whom to ask").list(s.urls);
    options.add("loud", "say more").flag(s.loud).reread();
    options.add("threads", "how many").number(s.threads, 1, 8).otherwise("one per processor");
    options.add("pause", "milliseconds").duration(s.pause, 100, 1'000);
    options.add("key-file", "file with the key").text(s.key_file).credential();
    options.add("url", "of the database").text(s.url).credential(Option::Credential::value);
    return options;
}

struct SampleReading : Reading {
    SampleSettings settings;
};

SampleReading read_sample(const Arguments& arguments,
                          const std::map<std::string, std::string, std::less<>>& variables = {}) {
    SampleReading out;
    const Program program{"fanion-prog", "Fanion's program: does this.", "1.2", "The\nend.", {{"go", "goes", "plain"}}};
    static_cast<Reading&>(out) = parse(
        program, sample_options(out.settings), arguments, [&](std::string_view name) -> std::optional<std::string> {
            const auto found = variables.find(name);
            return found == variables.end() ? std::nullopt : std::optional(found->second);
        });
    return out;
}

void check_parts(const std::string& text, const Arguments& parts) {
    for (const auto& part : parts) {
        CAPTURE(part, text);
        CHECK(text.find(part) != std::string::npos);
    }
}

}  // namespace

TEST_CASE("--help-man is a manual page of every option, command, variable and credential") {
    const auto page = read_sample({"--help-man"}).answer.value_or("");
    check_parts(page, {".TH \"FANION\\-PROG\" 8", "fanion\\-prog \\- does this\n", "\nThe end.\n",
                       "\\fBgo\\fR \\fI[PLAIN]\\fR\ngoes\n", ".SS \"More\"\n",
                       "\\fB\\-\\-text\\fR \\fIVALUE\\fR\nwhat is said [as, it is]\n",
                       "\\fB\\-\\-urls\\fR \\fIVALUE,..\\fR\n", "\\fB\\-\\-loud\\fR\nsay more; read again at SIGHUP\n",
                       "\\fBPLAIN\\fR\nas \\-\\-plain\n", "\\fBfanion.key\\-file\\fR\nfile of \\-\\-key\\-file\n",
                       "\\fBfanion.url\\fR\nvalue of \\-\\-url\n", "/etc/fanion/prog.conf"});
}

TEST_CASE("--help-config has every option as a comment, with its default") {
    const auto file = read_sample({"--help-config"}).answer.value_or("");
    check_parts(file, {"# Fanion's program: does this.\n", "\n# what is said\n#text = \"as, it is\"\n",
                       "\n# a word [the first one]\n#plain =\n", "\n## More\n", "\n# whom to ask\n#urls =\n",
                       "#loud = false\n", "\n# how many [one per processor]\n#threads =\n", "#pause = 250\n"});
    const auto is_setting = [](const std::string& line) { return !line.empty() && line[0] != '#'; };
    std::istringstream lines(file);
    for (std::string line; std::getline(lines, line);) {
        CHECK_FALSE(is_setting(line));
        CHECK(line.size() <= 100);
    }
}

TEST_CASE("a file of --help-config gives what was given for it") {
    const test::TemporaryDirectory directory;
    const Arguments given{"--text", "a, b; c", "--plain", "host=/run/db?x=y", "--urls", "http://a,http://b",
                          "--loud", "--pause", "300"};
    auto arguments = given;
    arguments.emplace_back("--help-config");
    std::ofstream(directory / "file") << read_sample(arguments).answer.value_or("");
    const auto out = read_sample({"--config", directory / "file"});
    CHECK(out.errors.empty());
    CHECK(out.settings.text == "a, b; c");
    CHECK(out.settings.plain == "host=/run/db?x=y");
    CHECK(out.settings.urls == Arguments{"http://a", "http://b"});
    CHECK(out.settings.loud);
    CHECK(out.settings.pause.count() == 300);
    CHECK(out.settings.threads == 0);
    CHECK(out.given == read_sample(given).given);
}

TEST_CASE("--help-config reports mistakes instead of writing them") {
    const auto out = read_sample({"--help-config", "--pause", "1"});
    CHECK_FALSE(out.answer);
    CHECK(out.errors.size() == 1);
    const auto cut = read_sample({"--help-config", "--text", "a #b"});  // a file's reader would end it at the #
    CHECK_FALSE(cut.answer);
    CHECK(cut.errors == Arguments{"--text: a configuration file cannot have a # in a value"});
}

TEST_CASE("a credential stands between the environment and the file") {
    const test::TemporaryDirectory directory;
    std::ofstream(directory / "fanion.key-file") << "secret";
    std::ofstream(directory / "fanion.url") << "postgresql://a\n";
    std::ofstream(directory / "fanion.text") << "not a credential";
    std::ofstream(directory / "file") << "key-file = /etc/key\nurl = file\n";
    const std::string folder = directory / "";
    const auto out = read_sample({"--config", directory / "file"}, {{"CREDENTIALS_DIRECTORY", folder}});
    CHECK(out.errors.empty());
    CHECK(out.settings.key_file == folder + "fanion.key-file");
    CHECK(out.settings.url == "postgresql://a");
    CHECK(out.settings.text == "as, it is");
    const auto other = read_sample({"--url", "line"}, {{"CREDENTIALS_DIRECTORY", folder}, {"FANION_KEY_FILE", "/env"}});
    CHECK(other.settings.key_file == "/env");
    CHECK(other.settings.url == "line");
    CHECK(read_sample({}, {{"CREDENTIALS_DIRECTORY", directory / "none"}}).settings.key_file.empty());
}

TEST_CASE("a credential that cannot be read is a mistake of its option") {
    const test::TemporaryDirectory directory;
    std::filesystem::create_directory(directory / "fanion.url");
    const auto out = read_sample({}, {{"CREDENTIALS_DIRECTORY", directory / ""}});
    REQUIRE(out.errors.size() == 1);
    CHECK(out.errors[0].starts_with("--url: "));
}
