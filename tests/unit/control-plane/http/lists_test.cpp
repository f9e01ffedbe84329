#include "control-plane/http/lists.hpp"

#include <catch2/catch.hpp>

using namespace fanion;
using Numbers = std::vector<int>;

namespace {

void write_number(json::Writer& w, const int& number) { w.integer(number); }

}  // namespace

TEST_CASE("a page is cut to its limit only when the store found more") {
    Numbers numbers{1, 2, 3};
    CHECK_FALSE(cp::http::truncate_to_page(numbers, 4));
    CHECK_FALSE(cp::http::truncate_to_page(numbers, 3));
    CHECK(numbers == Numbers{1, 2, 3});
    CHECK(cp::http::truncate_to_page(numbers, 2));
    CHECK(numbers == Numbers{1, 2});
    Numbers none;
    CHECK_FALSE(cp::http::truncate_to_page(none, 1));
}

TEST_CASE("a page has its items and the cursor of the next one, null on the last page") {
    const auto write_two = [](json::Writer& w) { w.integer(1).begin_object().member("a", "b").end_object(); };
    CHECK(cp::http::page_text(write_two, std::nullopt) == R"({"items":[1,{"a":"b"}],"next":null})");
    CHECK(cp::http::page_text(write_two, "Yg") == R"({"items":[1,{"a":"b"}],"next":"Yg"})");
    CHECK(cp::http::page_text([](json::Writer&) {}, std::nullopt) == R"({"items":[],"next":null})");
}

TEST_CASE("a complete list is a page without a next one") {
    CHECK(cp::http::list_text(write_number, Numbers{1, 2}) == R"({"items":[1,2],"next":null})");
    CHECK(cp::http::list_text(write_number, Numbers{}) == R"({"items":[],"next":null})");
    CHECK(cp::http::to_text(write_number, 7) == "7");
}
