#include "common/base/log.hpp"

#include <unistd.h>

#include <array>
#include <catch2/catch.hpp>
#include <string>

using namespace fanion;

TEST_CASE("a log line is one JSON object with its fields, and levels below the threshold are silent") {
    std::array<int, 2> ends{};
    REQUIRE(pipe(ends.data()) == 0);
    const Log log(ends[1], LogLevel::info);
    log.debug("unseen");
    log.info("stream_opened", {{"env", "e_1\n\"x\""}, {"version", 7u}, {"ok", true}, {"ratio", 0.5}, {"delta", -3}});
    close(ends[1]);
    std::string text(4096, '\0');
    const auto count = read(ends[0], text.data(), text.size());
    close(ends[0]);
    text.resize(static_cast<std::size_t>(count));
    CHECK(text.starts_with(R"({"ts":"20)"));
    CHECK(text.ends_with(
        R"("level":"info","event":"stream_opened","env":"e_1\n\"x\"","version":7,"ok":true,"ratio":0.5,"delta":-3})"
        "\n"));
    CHECK(text.find("unseen") == std::string::npos);
}

TEST_CASE("another threshold holds from then on, for copies too") {
    std::array<int, 2> ends{};
    REQUIRE(pipe(ends.data()) == 0);
    const Log log(ends[1], LogLevel::error);
    const Log copy = log;
    copy.info("before");
    log.set_threshold(LogLevel::debug);
    copy.debug("after");
    close(ends[1]);
    std::string text(4096, '\0');
    text.resize(static_cast<std::size_t>(read(ends[0], text.data(), text.size())));
    close(ends[0]);
    CHECK(text.find("before") == std::string::npos);
    CHECK(text.find("after") != std::string::npos);
}
