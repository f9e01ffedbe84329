#include "relay/rulesets/sdk_streams.hpp"

#include <catch2/catch.hpp>
#include <memory>

using namespace fanion;
using fanion::relay::rulesets::SdkStreams;

namespace {

std::string text_of(const SdkStreams& streams) {
    std::string text;
    for (const auto& [labels, value] : streams.samples())
        text += labels[0].second + '=' + std::to_string(static_cast<int>(value)) + ' ';
    return text;
}

}  // namespace

TEST_CASE("a name of another form than language/version is counted as another") {
    CHECK(SdkStreams::label_of("python/1.0") == "python/1.0");
    CHECK(SdkStreams::label_of("c++/1.0-rc.1+x") == "c++/1.0-rc.1+x");
    CHECK(SdkStreams::label_of("") == "(none)");
    for (const auto* name :
         {"python", "/1.0", "python/", "a b/1", "a/1/2", "a/1\n", "aaaaaaaaaaaaaaaaaaaaa/1", "a/\"1"}) {
        INFO(name);
        CHECK(SdkStreams::label_of(name) == "(other)");
    }
}

TEST_CASE("open streams are counted by name, and closed ones are not") {
    SdkStreams streams;
    auto first = std::make_unique<SdkStreams::Slot>(streams, "python/1.0");
    const SdkStreams::Slot second(streams, "python/1.0");
    CHECK(text_of(streams) == "python/1.0=2 ");
    first.reset();
    CHECK(text_of(streams) == "python/1.0=1 ");
}

TEST_CASE("the number of names is bounded") {
    SdkStreams streams;
    for (std::size_t i = 0; i < 200; ++i) SdkStreams::Slot(streams, "a/" + std::to_string(i));
    CHECK(streams.samples().size() == SdkStreams::most_names + 1);
    const SdkStreams::Slot slot(streams, "b/1");
    CHECK(text_of(streams).find("(other)=1") != std::string::npos);
}
