#include <tuple>

#include "control-plane/app/password_reset.hpp"
#include "tests/integration/control-plane/admin/audited_writes.hpp"
#include "tests/integration/control-plane/identity/authenticator.hpp"
#include "tests/support/catch_result.hpp"

namespace fanion::test {

void AuditedWrites::add_sessions() {
    writes["POST /api/v1/auth/login"] = {"session.started", States::none, [this] { return login(); }};
    writes["POST /api/v1/auth/logout"] = {
        "session.ended", States::none, [this] { return post("/api/v1/auth/logout", login().at("/access_token"), ""); }};
    writes["POST /api/v1/auth/setup"] = {"member.joined", States::after, [this] {
                                             const auto made = create(acme + "/members",
                                                                      R"({"email":"new@example.com","role":"viewer"})");
                                             return use("/api/v1/auth/setup", made.at("/setup_token"));
                                         }};
    writes["POST /api/v1/auth/reset"] = {
        "password.reset", States::none, [this] {
            member("lost@example.com");
            const auto token = run(cp::app::make_password_reset(pool, "lost@example.com", clock.now()));
            return use("/api/v1/auth/reset", token.value());
        }};
}

void AuditedWrites::add_sign_in() {
    const auto session = std::string("/api/v1/auth/session");
    writes["POST " + session] = {"session.started", States::none, [=, this] {
                                     const auto body = R"({"email":"owner@example.com","password":")" +
                                                       std::string(default_password) + "\"}";
                                     return send({net::Method::post, session, "", body, {{"Origin", origin()}}});
                                 }};
    writes["DELETE " + session] = {"session.ended", States::none,
                                   [=, this] { return del(session, login().at("/access_token")); }};
    const auto factor = std::string("/api/v1/auth/second-factor");
    const auto with_code = [=, this](const std::string& path) {
        return create(path, R"({"code":")" + test::next_code(clock, secret) + "\"}");
    };
    const auto enable = [=, this] {
        const auto body = R"({"password":")" + std::string(default_password) + "\"}";
        secret = test::from_base32(create(factor, body).at("/secret"));
        return with_code(factor + "/confirm");
    };
    writes["POST " + factor + "/confirm"] = {"second_factor.enabled", States::after, enable};
    writes["POST " + factor + "/recovery-codes"] = {
        "second_factor.enabled", States::both, [=, this] {
            REQUIRE(with_code(factor + "/disable").status == 204);
            const auto recovery = enable().at("/recovery_codes/0");  // one that is used: fewer are left before
            const auto body = R"({"email":"owner@example.com","password":")" + std::string(default_password) +
                              R"(","code":")" + recovery + "\"}";
            REQUIRE(create("/api/v1/auth/login", body).status == 200);
            return with_code(factor + "/recovery-codes");
        }};
    writes["POST " + factor + "/disable"] = {"second_factor.removed", States::before,
                                             [=] { return with_code(factor + "/disable"); }};
    writes["PUT /api/v1/orgs/{org}/sign-in"] = {"org.updated", States::both, [=, this] {
                                                    REQUIRE(enable().status == 200);
                                                    return put(acme + "/sign-in", owner,
                                                               R"({"second_factor":"required"})");
                                                }};
}

void AuditedWrites::add_people() {
    const auto org = std::string("/api/v1/orgs/{org}");
    writes["POST " + org + "/members"] = {
        "member.invited", States::after,
        [this] { return create(acme + "/members", R"({"email":"a@example.com","role":"viewer"})"); }};
    writes["PATCH " + org + "/members/{member}"] = {
        "member.updated", States::both,
        [this] { return patch(member("b@example.com"), owner, R"({"role":"admin"})"); }};
    writes["DELETE " + org + "/members/{member}"] = {"member.removed", States::before,
                                                     [this] { return del(member("c@example.com"), owner); }};
    writes["DELETE " + org + "/invitations/{invitation}"] = {
        "invitation.withdrawn", States::before, [this] {
            const auto made = create(acme + "/members", R"({"email":"d@example.com","role":"viewer"})");
            return del(acme + "/invitations/" + made.at("/id"), owner);
        }};
}

void AuditedWrites::add_tokens() {
    const auto user = std::string("/api/v1/auth/tokens");
    const auto org = std::string("/api/v1/orgs/{org}/tokens");
    for (const auto& [pattern, place, body] :
         {std::tuple{user, user, std::string(R"({"name":"t","scopes":["read"]})")},
          std::tuple{org, acme + "/tokens", std::string(R"({"name":"t","role":"viewer","scopes":["read"]})")}}) {
        const auto make = [this, place = place, body = body] { return create(place, body); };
        writes["POST " + pattern] = {"token.created", States::after, make};
        writes["POST " + pattern + "/{token}/rotate"] = {
            "token.rotated", States::both,
            [=, this, place = place] { return create(place + '/' + make().at("/id") + "/rotate", "{}"); }};
        writes["DELETE " + pattern + "/{token}"] = {"token.revoked", States::both, [=, this, place = place] {
                                                        return del(place + '/' + make().at("/id"), owner);
                                                    }};
    }
    const auto sessions = std::string("/api/v1/auth/sessions");
    writes["DELETE " + sessions] = {"session.ended", States::before, [=, this] {
                                        login();
                                        return del(sessions, owner);
                                    }};
    writes["DELETE " + sessions + "/{session}"] = {
        "session.ended", States::before, [=, this] {
            login();
            const auto list = get(sessions, owner);
            const auto other = list.at("/items/0/current") == "true" ? "/items/1/id" : "/items/0/id";
            return del(sessions + '/' + list.at(other), owner);
        }};
}

std::string AuditedWrites::role(const std::string& key) {
    create(acme + "/roles", R"({"key":")" + key + R"(","permissions":["read"]})");
    return acme + "/roles/" + key;
}

void AuditedWrites::add_roles() {
    const auto all = std::string("/api/v1/orgs/{org}/roles");
    writes["POST " + all] = {"role.created", States::after,
                             [this] { return create(acme + "/roles", R"({"key":"lead"})"); }};
    writes["PUT " + all + "/{role}"] = {"role.updated", States::both,
                                        [this] { return put(role("a"), owner, R"({"name":"n"})"); }};
    writes["PATCH " + all + "/{role}"] = {"role.updated", States::both,
                                          [this] { return patch(role("b"), owner, R"({"name":"m"})"); }};
    writes["DELETE " + all + "/{role}"] = {"role.deleted", States::before, [this] { return del(role("c"), owner); }};
    const auto project = std::string("/api/v1/orgs/{org}/projects/{project}");
    for (const auto& [pattern, place, name] :
         {std::tuple{project, web, std::string("web")},
          std::tuple{project + "/environments/{env}", staging, std::string("env")}}) {
        const auto one = pattern + "/assignments/{member}";
        const auto assign = [this, place = place](const std::string& email) {
            const auto id = member(email).substr(acme.size() + std::string("/members/").size());
            const auto path = place + "/assignments/" + id;
            return std::pair{path, put(path, owner, R"({"role":"developer"})")};
        };
        writes["PUT " + one] = {"assignment.created", States::after,
                                [=, name = name] { return assign("put-" + name + "@example.com").second; }};
        writes["DELETE " + one] = {"assignment.deleted", States::before, [=, this, name = name] {
                                       return del(assign("del-" + name + "@example.com").first, owner);
                                   }};
    }
}

}  // namespace fanion::test
