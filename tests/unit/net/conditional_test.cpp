#include "common/net/conditional.hpp"

#include <catch2/catch.hpp>

#include "common/net/request_builder.hpp"

using namespace fanion::net;

TEST_CASE("a field of entity tags matches by RFC 9110, sections 8.8.3.2 and 13.1") {
    struct Row {
        std::string_view field;
        bool weakly, strongly;
    };
    const Row rows[] = {
        {"", false, false},
        {"*", true, true},
        {" * ", true, true},
        {R"("a")", true, true},
        {R"(W/"a")", true, false},
        {R"("b","a")", true, true},
        {R"("b" , W/"a")", true, false},
        {R"(, "b",, "a" ,)", true, true},
        {R"("b")", false, false},
        {R"("A")", false, false},
        {R"("aa")", false, false},
        {R"("b,"a",c")", false, false},   // not well-formed
        {R"("a,b")", false, false},       // one tag that holds a comma
        {R"("a b", "a")", false, false},  // a space is not a tag's character
        {R"(a)", false, false},
        {R"("a)", false, false},
        {R"(w/"a")", false, false},
        {R"(W/ "a")", false, false},
        {R"("a" "b")", false, false},
        {R"("a", *)", false, false},  // "*" stands alone or not at all
        {R"(*, "a")", false, false},
        {R"("b", *)", false, false},
    };
    for (const auto& row : rows) {
        CAPTURE(row.field);
        CHECK(matches_tag(row.field, R"("a")", TagComparison::weak) == row.weakly);
        CHECK(matches_tag(row.field, R"("a")", TagComparison::strong) == row.strongly);
    }
}

TEST_CASE("a comma inside quotes belongs to the tag") {
    CHECK(matches_tag(R"("b", "1,2")", R"("1,2")", TagComparison::strong));
    CHECK_FALSE(matches_tag(R"("x,"2","y")", R"("2")", TagComparison::strong));
}

TEST_CASE("a weak tag matches weakly only") {
    CHECK(matches_tag(R"("a")", R"(W/"a")", TagComparison::weak));
    CHECK(matches_tag(R"(W/"a")", R"(W/"a")", TagComparison::weak));
    CHECK_FALSE(matches_tag(R"(W/"a")", R"(W/"a")", TagComparison::strong));
    CHECK_FALSE(matches_tag(R"("a")", R"(W/"a")", TagComparison::strong));
}

TEST_CASE("the conditions of a request are read from all their header lines") {
    Request request;
    CHECK_FALSE(has_current(request, R"("a")"));
    CHECK(evaluate_if_match(request, R"("a")") == IfMatch::absent);
    RequestBuilder::add_header(request, "if-match", R"("b")");
    RequestBuilder::add_header(request, "if-none-match", R"("b")");
    CHECK_FALSE(has_current(request, R"("a")"));
    CHECK(evaluate_if_match(request, R"("a")") == IfMatch::fails);
    RequestBuilder::add_header(request, "If-Match", R"("a")");
    RequestBuilder::add_header(request, "If-None-Match", R"(W/"a")");
    CHECK(has_current(request, R"("a")"));
    CHECK(evaluate_if_match(request, R"("a")") == IfMatch::holds);
}

TEST_CASE("an empty If-Match holds for nothing") {
    Request request;
    RequestBuilder::add_header(request, "If-Match", "");
    CHECK(evaluate_if_match(request, R"("a")") == IfMatch::fails);
}
