#include "control-plane/body/text_size.hpp"

#include <catch2/catch.hpp>
#include <string>

#include "tests/support/catch_result.hpp"

using namespace fanion;

TEST_CASE("the size of a JSON text is that of the text") {
    std::string controls = "\"";
    for (int c = 1; c < 0x20; ++c) {
        constexpr auto hex = "0123456789abcdef";
        controls += std::string("\\u00") + hex[c >> 4] + hex[c & 15];
    }
    controls += '"';
    for (const auto& text : {
             std::string("null"),
             std::string("[true , false]"),
             std::string("-1.50e+3"),
             std::string("[ ]"),
             std::string("{ }"),
             std::string("[1,[2,[]],{}]"),
             std::string(R"({"a" : 1, "b\n":{"":"\u00e9\ud83d\ude00"}, "c":[null]})"),
             std::string(R"("\"\\\/\b\f\n\r\t\u0001\u001f\u007f é")"),
             controls,
         }) {
        CAPTURE(text);
        json::Document document;
        REQUIRE(document.parse(text));
        CHECK(cp::body::text_size(document.root()) == document.root().to_text().size());
    }
}
