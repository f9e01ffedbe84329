#include "tests/integration/control-plane/admin/audited_writes.hpp"

namespace fanion::test {

void AuditedWrites::add_directory() {
    writes["PUT /api/v1/orgs/{org}/group-roles"] = {
        "group_roles.updated", States::both, [this] {
            return put(acme + "/group-roles", owner,
                       R"({"rules":[{"group":"web","role":"developer"}],"default_role":"viewer"})");
        }};
    const auto pattern = std::string("/scim/v2/{org}");
    const auto base = std::string("/scim/v2/acme");
    const auto user = [=, this](const std::string& name) {
        return create(base + "/Users", R"({"userName":")" + name + "@directory.example\"}");
    };
    const auto user_path = [=](const std::string& name) { return base + "/Users/" + user(name).at("/id"); };
    writes["POST " + pattern + "/Users"] = {"member.updated", States::after, [=] { return user("a"); }};
    writes["PUT " + pattern + "/Users/{user}"] = {
        "member.updated", States::both, [=, this] { return put(user_path("b"), owner, R"({"userName":"bb"})"); }};
    writes["PATCH " + pattern + "/Users/{user}"] = {
        "member.updated", States::both, [=, this] {
            return patch(user_path("c"), owner, R"({"Operations":[{"op":"replace","path":"active","value":false}]})");
        }};
    writes["DELETE " + pattern + "/Users/{user}"] = {"member.updated", States::before,
                                                     [=, this] { return del(user_path("d"), owner); }};
    const auto group = [=, this](const std::string& name) {
        return create(base + "/Groups", R"({"displayName":")" + name + "\"}");
    };
    const auto group_path = [=](const std::string& name) { return base + "/Groups/" + group(name).at("/id"); };
    writes["POST " + pattern + "/Groups"] = {"group.created", States::after, [=] { return group("a"); }};
    writes["PUT " + pattern + "/Groups/{group}"] = {
        "group.updated", States::both, [=, this] { return put(group_path("b"), owner, R"({"displayName":"bb"})"); }};
    writes["PATCH " + pattern + "/Groups/{group}"] = {
        "group.updated", States::both, [=, this] {
            return patch(group_path("c"), owner,
                         R"({"Operations":[{"op":"replace","path":"displayName","value":"cc"}]})");
        }};
    writes["DELETE " + pattern + "/Groups/{group}"] = {"group.deleted", States::before,
                                                       [=, this] { return del(group_path("d"), owner); }};
}

}  // namespace fanion::test
