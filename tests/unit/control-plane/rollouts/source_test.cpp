#include "control-plane/rollouts/source.hpp"

#include <catch2/catch.hpp>

#include "tests/support/catch_result.hpp"

using namespace fanion;
using namespace fanion::cp::rollouts;

namespace {

Result<SourceRequest> parsed_source(const std::string& text) {
    json::Document document;
    REQUIRE(document.parse(text));
    return read_source(document.root());
}

}  // namespace

TEST_CASE("a token that is not given stays, and null takes it away") {
    CHECK_FALSE(parsed_source(R"({"url":"https://p.example/base"})")->token);
    CHECK(parsed_source(R"({"url":"https://p.example","token":null})")->token == "");
    CHECK(parsed_source(R"({"url":"https://p.example","token":"t"})")->token == "t");
}

TEST_CASE("what GET shows may be sent back") {
    Source source{"main", "https://p.example", true, "u_1", 1'763'720'000'000, 1'763'720'000'000, 3};
    const auto request = parsed_source(source_text(source));
    REQUIRE(request);
    CHECK(request->url == source.url);
    CHECK_FALSE(request->token);
}

TEST_CASE("URLs and tokens that are refused") {
    for (const auto* text :
         {R"({})", R"({"url":"p.example"})", R"({"url":"https://u:p@p.example"})", R"({"url":"https://p.example?x"})",
          R"({"url":"https://p.example","token":"a b"})", R"({"url":"https://p.example","token":"a\n"})",
          R"({"url":"https://p.example","token":7})", R"({"url":"https://p.example","more":1})"}) {
        CAPTURE(text);
        CHECK_FALSE(parsed_source(text));
    }
}
