#include "control-plane/access/role_request.hpp"

#include <catch2/catch.hpp>
#include <string>

#include "common/json/document.hpp"
#include "control-plane/body/fields.hpp"
#include "tests/support/catch_result.hpp"

using namespace fanion;
using cp::access::Permission;
using cp::access::Permissions;
using cp::access::RoleDefinition;

namespace {

template <class T>
std::string faults(const Result<T>& result) {
    std::string found;
    if (result) return "none";
    for (const auto& finding : result.error().findings) found += finding.pointer + ' ' + finding.code + '\n';
    return found;
}

Result<RoleDefinition> create(const std::string& text) {
    json::Document document;
    REQUIRE(document.parse(text));
    return cp::access::create_role(document.root());
}

const RoleDefinition present{"lead", "Lead", "leads", {Permission::read, Permission::edit}};
const std::string present_json =
    R"({"key":"lead","name":"Lead","description":"leads","permissions":["read","edit"],"built_in":false,"version":3})";

Result<RoleDefinition> replace(const std::string& text) {
    json::Document document;
    REQUIRE(document.parse(text));
    return cp::access::replace_role(present, document.root());
}

Result<RoleDefinition> patch(const std::string& text) {
    json::Document document;
    REQUIRE(document.parse(text));
    return cp::access::patch_role(present, present_json, document.root());
}

}  // namespace

TEST_CASE("a role is made of a key and the names of permissions") {
    const auto role = create(R"({"key":"lead","description":"d","permissions":["approve","read"]})");
    REQUIRE(role);
    CHECK(*role == RoleDefinition{"lead", "lead", "d", {Permission::read, Permission::approve}});
    CHECK(create(R"({"key":"nothing"})")->permissions.empty());
}

TEST_CASE("each mistake in a role is reported at its place") {
    CHECK(faults(create(R"({"key":"no key","permissions":["read","fly","read"],"colour":1})")) ==
          "/key bad_key\n/permissions/1 unknown_permission\n/permissions/2 duplicate\n/colour unknown_field\n");
    CHECK(faults(create(R"({"key":"lead","permissions":"read"})")) == "/permissions wrong_type\n");
    CHECK(faults(create(R"({"key":"lead","permissions":["member"]})")) == "/permissions/0 unknown_permission\n");
    CHECK(faults(create("{}")) == "/key missing\n");
}

TEST_CASE("a role that changes or approves reads too") {
    for (const std::string name : {"edit", "edit_protected", "archive", "delete", "approve", "bypass_approval"}) {
        INFO(name);
        const auto alone = R"("permissions":[")" + name + "\"]}";
        CHECK(faults(create(R"({"key":"blind",)" + alone)) == "/permissions read_missing\n");
        CHECK(faults(patch("{" + alone)) == "/permissions read_missing\n");
        CHECK(create(R"({"key":"seeing","permissions":["read",")" + name + "\"]}"));
    }
    CHECK(create(R"({"key":"people","permissions":["manage_members","manage_roles"]})"));
}

TEST_CASE("a list of more permissions than there are has one finding") {
    std::string many = "\"fly\"";
    for (int i = 0; i < 15; ++i) many += ",\"fly\"";
    CHECK(faults(create(R"({"key":"lead","permissions":[)" + many + "]}")) == "/permissions too_many\n");
}

TEST_CASE("a replaced role keeps its key; what is not given is empty") {
    CHECK(*replace(R"({"permissions":["read"]})") == RoleDefinition{"lead", "lead", "", {Permission::read}});
    CHECK(*replace(present_json) == present);
    CHECK(*replace(R"({"name":"Lead","description":"leads","permissions":["read","edit"],"version":99})") == present);
    CHECK(faults(replace(R"({"key":"other"})")) == "/key immutable\n");
}

TEST_CASE("a patched role keeps what the patch does not name") {
    CHECK(*patch("{}") == present);
    CHECK(patch(R"({"permissions":["manage_keys"]})")->permissions == Permissions{Permission::manage_keys});
    CHECK(patch(R"({"permissions":null})")->permissions.empty());
    CHECK(faults(patch(R"({"version":4})")) == "/version read_only\n");
    CHECK(faults(patch(R"({"built_in":true,"key":"x"})")) == "/key immutable\n/built_in read_only\n");
}

TEST_CASE("the key of a role that cannot exist is refused where it stands") {
    const auto read = [](const std::string& text) {
        json::Document document;
        REQUIRE(document.parse(text));
        return cp::body::read_object(
            document.root(), [](json::Reader& r, std::vector<Finding>&) { return cp::access::read_role_key(r); });
    };
    CHECK(*read(R"({"role":"lead"})") == "lead");
    CHECK(faults(read(R"({"role":"no key"})")) == "/role unknown_role\n");
    CHECK(faults(read(R"({"role":""})")) == "/role unknown_role\n");
    CHECK(faults(read(R"({"role":7})")) == "/role wrong_type\n");
    CHECK(faults(read("{}")) == "/role missing\n");
}
