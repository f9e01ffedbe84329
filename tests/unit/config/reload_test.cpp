#include "common/config/reload.hpp"

#include <unistd.h>

#include <array>
#include <catch2/catch.hpp>

using namespace fanion;
using namespace fanion::config;

namespace {

// What `say` logs.
template <class Say>
std::string logged(Say say) {
    std::array<int, 2> ends{};
    REQUIRE(pipe(ends.data()) == 0);
    const Log log(ends[1]);
    say(log);
    close(ends[1]);
    std::string text(4096, '\0');
    const auto count = ::read(ends[0], text.data(), text.size());
    close(ends[0]);
    text.resize(static_cast<std::size_t>(count));
    return text;
}

bool has(const std::string& text, std::string_view part) { return text.find(part) != std::string::npos; }

}  // namespace

TEST_CASE("each option that has another value and takes a restart is named, the others are not") {
    std::string same = "x", fixed = "x", free = "x", gone;
    Options options;
    options.add("same", "").text(same);
    options.add("fixed", "").text(fixed);
    options.add("free", "").text(free).reread();
    options.add("gone", "").text(gone);
    Reload reload({{"same", "1"}, {"fixed", "1"}, {"free", "1"}, {"gone", "1"}}, LogLevel::info);
    const Given changed{{"same", "1"}, {"fixed", "2"}, {"free", "2"}};
    const auto text = logged([&](const Log& log) { reload.applied(options, changed, LogLevel::info, log); });
    CHECK(has(text, R"("event":"option_needs_restart","option":"--fixed")"));
    CHECK(has(text, R"("option":"--gone")"));
    CHECK_FALSE(has(text, "--same"));
    CHECK_FALSE(has(text, "--free"));
    CHECK(has(text, "configuration_reread"));

    const Given back{{"same", "1"}, {"fixed", "1"}, {"free", "3"}, {"gone", "1"}};
    const auto quiet = logged([&](const Log& log) {
        reload.applied(options, back, LogLevel::error, log);
        log.info("unseen");
    });
    CHECK_FALSE(has(quiet, "option_needs_restart"));
    CHECK(has(quiet, "configuration_reread"));
    CHECK_FALSE(has(quiet, "unseen"));
}

TEST_CASE("every error of a configuration that is refused is logged") {
    const auto text = logged([](const Log& log) { log_refused({"--a: bad", "--b: worse"}, log); });
    CHECK(has(text, R"("event":"configuration_refused","error":"--a: bad")"));
    CHECK(has(text, "--b: worse"));
}
