// The file of settings for librdkafka.

#include <catch2/catch.hpp>

#include "control-plane/sinks/settings.hpp"
#include "tests/support/catch_result.hpp"

using namespace fanion;
using cp::sinks::parse_settings;

TEST_CASE("settings are names and values, without the spaces around them") {
    const auto settings = parse_settings("# of production\n\n security.protocol = sasl_ssl \r\nsasl.password=a=b#c\n");
    REQUIRE(settings);
    REQUIRE(settings->size() == 2);
    CHECK((*settings)[0] == std::pair<std::string, std::string>("security.protocol", "sasl_ssl"));
    CHECK((*settings)[1] == std::pair<std::string, std::string>("sasl.password", "a=b#c"));
    CHECK(parse_settings("")->empty());
}

TEST_CASE("what is no setting is named by its line, not by its text") {
    for (const std::string text : {"a=1\nhunter2\n", "a=1\n=hunter2\n"}) {
        const auto settings = parse_settings(text);
        REQUIRE(!settings);
        CHECK(settings.error().code == Errc::invalid_input);
        CHECK(settings.error().detail.find("line 2") != std::string::npos);
        CHECK(settings.error().detail.find("hunter2") == std::string::npos);
    }
}
