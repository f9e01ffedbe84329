#include "control-plane/scim/list_request.hpp"

#include <catch2/catch.hpp>

#include "tests/support/catch_result.hpp"

using namespace fanion;
using namespace fanion::cp::scim;

TEST_CASE("places and counts of a list are brought into their bounds") {
    CHECK(read_list_request({})->count == max_results);
    CHECK(read_list_request({{}, "0", "1000", {}, {}})->start == 1);
    CHECK(read_list_request({{}, "-5", "1000", {}, {}})->count == max_results);
    CHECK(read_list_request({{}, "7", "-1", {}, {}})->count == 0);
    CHECK(read_list_request({{}, "7", "2", {}, {}})->start == 7);
    CHECK(!read_list_request({{}, "x", {}, {}, {}}));
    CHECK(!read_list_request({{}, {}, "", {}, {}}));
    CHECK(!read_list_request({"userName", {}, {}, {}, {}}));
}
