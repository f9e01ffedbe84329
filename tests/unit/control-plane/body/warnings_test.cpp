#include <catch2/catch.hpp>

#include "control-plane/body/findings.hpp"

using namespace fanion;
using cp::body::BodyKind;

namespace {

Finding locate(std::string pointer, BodyKind shape, std::string item = "flag/f") {
    return cp::body::relocate_warnings({{std::move(item), std::move(pointer), "code", "It is so."}}, "flag/f", shape,
                                       "staging")
        .front();
}

}  // namespace

TEST_CASE("a warning inside a configuration points into the body that held it") {
    CHECK(locate("/rules/1", BodyKind::config) == Finding{"", "/rules/1", "code", "It is so."});
    CHECK(locate("/rules/1", BodyKind::creation) == Finding{"", "/environments/staging/rules/1", "code", "It is so."});
}

TEST_CASE("a warning that the pointer does not place in an environment names it") {
    const std::string named = "It is so. (in environment staging)";
    CHECK(locate("/variations/2", BodyKind::config) == Finding{"flag/f", "/variations/2", "code", named});
    CHECK(locate("/variations/2", BodyKind::definition) == Finding{"", "/variations/2", "code", named});
    CHECK(locate("/variations/2", BodyKind::creation) == Finding{"", "/variations/2", "code", named});
    CHECK(locate("/rules/1", BodyKind::definition) == Finding{"flag/f", "/rules/1", "code", named});
    CHECK(locate("/rules/1", BodyKind::config, "flag/g") == Finding{"flag/g", "/rules/1", "code", named});
}

TEST_CASE("a strict refusal is unprocessable and carries the warnings") {
    const auto error = cp::body::as_strict_error({{"", "/rules/1", "code", "It is so."}});
    CHECK(error.code == Errc::unprocessable);
    REQUIRE(error.findings.size() == 1);
    CHECK(error.findings.front().pointer == "/rules/1");
}
