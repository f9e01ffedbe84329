#include "control-plane/scim/group.hpp"

#include <catch2/catch.hpp>

#include "control-plane/body/json_text.hpp"
#include "tests/support/catch_result.hpp"

using namespace fanion;
using namespace fanion::cp::scim;

namespace {

Result<GroupPatch> patch(const std::string& operations) {
    json::Document document;
    REQUIRE(document.parse("{\"Operations\":" + operations + '}', cp::body::composed_limits()));
    return read_group_patch(document.root());
}

Result<GroupContent> group(const std::string& text) {
    json::Document document;
    REQUIRE(document.parse(text));
    return read_group(document.root());
}

using Ids = std::vector<std::string>;

}  // namespace

TEST_CASE("a group is read with its members, each once") {
    const auto read =
        group(R"({"displayName":"web","externalId":"x","members":[{"value":"b"},{"value":"a"},{"value":"b"}]})");
    REQUIRE(read);
    CHECK(*read == GroupContent{"web", "x", {"a", "b"}});
    CHECK(!group(R"({"members":[]})"));
    CHECK(!group(R"({"displayName":""})"));
    CHECK(!group(R"({"displayName":"g","members":[{"display":"x"}]})"));
    CHECK(!group(R"({"displayName":"g","members":[[{"value":"x"}]]})"));
}

TEST_CASE("members are named by values, by filters, or all of them") {
    const auto read = patch(R"([{"op":"Add","path":"members","value":[{"value":"a"},{"value":"b"}]},)"
                            R"({"op":"Remove","path":"members","value":[{"value":"a"}]},)"
                            R"({"op":"remove","path":"members[value eq \"b\"]"},)"
                            R"({"op":"remove","path":"members[value eq \"c\" or value eq \"d\"]"},)"
                            R"({"op":"replace","path":"members","value":[]},{"op":"remove","path":"members"}])");
    REQUIRE(read);
    REQUIRE(read->steps.size() == 6);
    CHECK(read->steps[0].ids == Ids{"a", "b"});
    CHECK(read->steps[1].kind == MemberStep::Kind::remove);
    CHECK(read->steps[2].ids == Ids{"b"});
    CHECK(read->steps[3].ids == Ids{"c", "d"});
    CHECK(read->steps[5].kind == MemberStep::Kind::replace);
    CHECK(read->steps[5].ids.empty());
}

TEST_CASE("without a path, the name and the members are in the value") {
    const auto read = patch(
        R"([{"op":"replace","value":{"id":"g_1","displayName":"new","externalId":null,"members":[{"value":"a"}]}}])");
    REQUIRE(read);
    CHECK(read->display_name == "new");
    REQUIRE(read->external_id);
    CHECK(!*read->external_id);
    CHECK(read->steps.size() == 1);
}

TEST_CASE("what a PATCH of a group cannot be") {
    const auto fault = [](const std::string& operations) {
        const auto read = patch(operations);
        REQUIRE(!read);
        return read.error().findings.at(0).code;
    };
    CHECK(fault(R"([{"op":"remove","path":"members[display eq \"x\"]"}])") == "invalidFilter");
    CHECK(fault(R"([{"op":"remove","path":"displayName"}])") == "invalidValue");
    CHECK(fault(R"([{"op":"add","path":"members","value":{"display":"x"}}])") == "invalidValue");
    CHECK(fault(R"([{"op":"add","path":"members[value eq \"a\"]","value":{"value":"a"}}])") == "invalidPath");
    CHECK(fault(R"([{"op":"replace","path":"members.display","value":"x"}])") == "mutability");
    std::string many;
    for (std::size_t i = 0; i <= max_members_named; ++i)
        many += (i ? "," : "") + (R"({"value":"u)" + std::to_string(i) + "\"}");
    CHECK(fault(R"([{"op":"add","path":"members","value":[)" + many + "]}]") == "tooMany");
}
