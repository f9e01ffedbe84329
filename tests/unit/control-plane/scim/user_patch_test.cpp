#include <catch2/catch.hpp>

#include "common/json/document.hpp"
#include "control-plane/scim/attributes.hpp"
#include "control-plane/scim/patch.hpp"
#include "control-plane/scim/user.hpp"
#include "tests/support/catch_result.hpp"

using namespace fanion;
using namespace fanion::cp::scim;

namespace {

UserAttributes user(const std::string& text) { return read_user(json::Tree::parse(text).value()).value(); }

const std::string ada = R"({"userName":"ada","name":{"givenName":"Ada","familyName":"Lovelace"},"title":"Countess",)"
                        R"("emails":[{"value":"ada@example.com","type":"work","primary":true}]})";

Result<UserAttributes> patched(const std::string& operations) {
    json::Document document;
    REQUIRE(document.parse("{\"Operations\":" + operations + '}'));
    auto found = read_operations(document.root());
    if (!found) return found.error();
    auto resource = to_tree(user(ada));
    for (auto& operation : *found) {
        auto parts = with_paths(std::move(operation));
        if (!parts) return parts.error();
        for (const auto& part : *parts)
            if (auto ok = apply_operation(resource, part); !ok) return ok.error();
    }
    return read_user(resource);
}

std::string patch_fault(const std::string& operations) {
    const auto made = patched(operations);
    INFO(operations);
    REQUIRE(!made);
    return made.error().findings.at(0).code;
}

}  // namespace

TEST_CASE("a user is read in any case of names, and what is not kept is ignored") {
    const auto read = user(R"({"USERNAME":"ada","active":"False","displayName":null,"nickName":"A",)"
                           R"("urn:ietf:params:scim:schemas:extension:enterprise:2.0:User":{"department":"x"},)"
                           R"("emails":[{"value":"a@example.com"},{"value":"b@example.com","primary":"True"}]})");
    CHECK(read.user_name == "ada");
    CHECK(!read.is_active);
    CHECK(account_address(read) == "b@example.com");
    CHECK(read == user(to_tree(read).to_text()));
}

TEST_CASE("the address of the account and the name that is shown") {
    CHECK(account_address(user(R"({"userName":"ada@example.com"})")) == "ada@example.com");
    CHECK(!account_address(user(R"({"userName":"ada"})")));
    CHECK(account_address(user(R"({"userName":"a@x.example","emails":[{"value":"b@x.example"}]})")) == "b@x.example");
    CHECK(shown_name(user(ada)) == "Ada Lovelace");
    CHECK(shown_name(user(R"({"userName":"a","displayName":"D","name":{"formatted":"F"}})")) == "D");
    CHECK(shown_name(user(R"({"userName":"a"})")).empty());
}

TEST_CASE("what is wrong with a user has its place") {
    const auto place = [](const std::string& text) {
        const auto read = read_user(json::Tree::parse(text).value());
        REQUIRE(!read);
        CHECK(read.error().findings.at(0).code == "invalidValue");
        return read.error().findings.at(0).pointer;
    };
    CHECK(place("{}") == "/userName");
    CHECK(place(R"({"userName":[1]})") == "/userName");
    CHECK(place(R"({"userName":")" + std::string(257, 'a') + "\"}") == "/userName");
    CHECK(place(R"({"userName":"a","active":"perhaps"})") == "/active");
    CHECK(place(R"({"userName":"a","emails":[{"value":"nobody"}]})") == "/emails/0/value");
    CHECK(place(R"({"userName":"a","emails":{}})") == "/emails");
    CHECK(place(R"({"userName":"a","name":{"givenName":{}}})") == "/name/givenName");
    std::string many;
    for (int i = 0; i < 21; ++i) many += (i ? "," : "") + std::string(R"({"value":"a@example.com"})");
    CHECK(place(R"({"userName":"a","emails":[)" + many + "]}") == "/emails");
}

TEST_CASE("a PATCH as Microsoft Entra sends it") {
    const auto made =
        patched(R"([{"op":"Replace","path":"active","value":"False"},)"
                R"({"op":"Add","path":"name.givenName","value":"Augusta"},)"
                R"({"op":"Replace","path":"emails[type eq \"work\"].value","value":"new@example.com"},)"
                R"({"op":"Add","path":"emails[type eq \"home\"].value","value":"home@example.com"},)"
                R"({"op":"Add","path":"urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:department",)"
                R"("value":"Engines"}])");
    REQUIRE(made);
    CHECK(!made->is_active);
    CHECK(made->given_name == "Augusta");
    REQUIRE(made->emails.size() == 2);
    CHECK(made->emails[0] == Email{"new@example.com", "work", true});
    CHECK(made->emails[1] == Email{"home@example.com", "home", false});
}

TEST_CASE("a PATCH as Okta sends it: without a path") {
    const auto made = patched(R"([{"op":"replace","value":{"active":false,"name.familyName":"King","title":"Dr"}}])");
    REQUIRE(made);
    CHECK(!made->is_active);
    CHECK(made->family_name == "King");
    CHECK(made->given_name == "Ada");
    CHECK(made->title == "Dr");
}

TEST_CASE("values of a list are added, replaced and removed") {
    const auto added = patched(R"([{"op":"add","path":"emails","value":[{"value":"b@example.com","primary":true}]}])");
    REQUIRE(added);
    CHECK(added->emails.size() == 2);
    const auto one = patched(R"([{"op":"add","path":"emails","value":{"value":"b@example.com","primary":true}}])");
    CHECK(account_address(one.value()) == "b@example.com");
    CHECK(patched(R"([{"op":"replace","path":"emails","value":[{"value":"c@example.com"}]}])")->emails.size() == 1);
    CHECK(patched(R"([{"op":"remove","path":"emails"}])")->emails.empty());
    CHECK(patched(R"([{"op":"remove","path":"emails[type eq \"work\"]"}])")->emails.empty());
    CHECK(patched(R"([{"op":"remove","path":"emails[type eq \"home\"]"}])")->emails.size() == 1);
    CHECK(patched(R"([{"op":"remove","path":"title"}])")->title.empty());
    CHECK(patched(R"([{"op":"remove","path":"name.givenName"}])")->given_name.empty());
}

TEST_CASE("a PATCH that cannot be is refused with its scimType") {
    CHECK(patch_fault("[]") == "invalidSyntax");
    CHECK(patch_fault(R"([{"op":"move","path":"title"}])") == "invalidSyntax");
    CHECK(patch_fault(R"([{"op":"remove"}])") == "noTarget");
    CHECK(patch_fault(R"([{"op":"replace","value":"x"}])") == "invalidValue");
    CHECK(patch_fault(R"([{"op":"replace","path":"id","value":"u_2"}])") == "mutability");
    CHECK(patch_fault(R"([{"op":"add","path":"groups","value":[]}])") == "mutability");
    CHECK(patch_fault(R"([{"op":"replace","path":"emails[type","value":1}])") == "invalidPath");
    CHECK(patch_fault(R"([{"op":"replace","path":7,"value":1}])") == "invalidPath");
    CHECK(patch_fault(R"([{"op":"replace","path":"emails[type co \"x\"].value","value":"a@b.c"}])") == "noTarget");
    CHECK(patch_fault(R"([{"op":"remove","path":"userName"}])") == "invalidValue");
    std::string many;
    for (std::size_t i = 0; i <= max_operations; ++i)
        many += (i ? "," : "") + std::string(R"({"op":"add","value":{}})");
    CHECK(patch_fault('[' + many + ']') == "tooMany");
}

TEST_CASE("a resource is cut to the attributes that are asked for") {
    auto resource = json::Tree::parse(R"({"schemas":[],"id":"1","userName":"a","name":{},"emails":[]})").value();
    auto other = resource;
    project(resource, "username, name.givenName", "");
    CHECK(resource.to_text() == R"({"schemas":[],"id":"1","userName":"a","name":{}})");
    project(other, "", "emails,id");
    CHECK(other.to_text() == R"({"schemas":[],"id":"1","userName":"a","name":{}})");
}
