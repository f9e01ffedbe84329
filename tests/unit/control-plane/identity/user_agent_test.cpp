#include "control-plane/identity/user_agent.hpp"

#include <catch2/catch.hpp>

using namespace fanion::cp::identity;

TEST_CASE("a user agent is shown as printable ASCII of bounded length") {
    CHECK(shown_user_agent("") == "");
    CHECK(shown_user_agent("curl/7.88.1 (a~b)") == "curl/7.88.1 (a~b)");
    CHECK(shown_user_agent(std::string_view("a\0b\xff\x7f\n", 6)) == "a?b???");
    CHECK(shown_user_agent(std::string(300, 'a')) == std::string(200, 'a'));
}
