#include "tests/integration/control-plane/admin/audited_writes.hpp"

namespace fanion::test {

void AuditedWrites::add_sign_on() {
    const auto all = std::string("/api/v1/orgs/{org}/identity-providers");
    const auto add = [this](const std::string& key) {
        create(acme + "/identity-providers",
               R"({"client_id":"c","issuer":"https://login.example.com","key":")" + key + "\"}");
        return acme + "/identity-providers/" + key;
    };
    writes["POST " + all] = {"identity_provider.created", States::after, [this] {
                                 return create(acme + "/identity-providers",
                                               R"({"key":"a","client_id":"c","issuer":"https://login.example.com"})");
                             }};
    writes["PATCH " + all + "/{provider}"] = {"identity_provider.updated", States::both,
                                              [=, this] { return patch(add("b"), owner, R"({"name":"other"})"); }};
    writes["DELETE " + all + "/{provider}"] = {"identity_provider.deleted", States::before,
                                               [=, this] { return del(add("d"), owner); }};
}

}  // namespace fanion::test
