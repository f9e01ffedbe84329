// Idempotency-Key: a repeated POST creates one thing and gets the first response.

#include <catch2/catch.hpp>

#include "tests/integration/control-plane/admin/api_fixture.hpp"
#include "tests/integration/control-plane/admin/paths.hpp"
#include "tests/support/catch_result.hpp"

using namespace fanion;
using test::acme;
using test::ApiFixture;
using test::Reply;
using test::web;

namespace {

const std::string uuid = "7c0f4f6e-7f7e-4a53-9d0a-2f1b8f7f1c11";

class Repeating : public ApiFixture {
public:
    Repeating() : owner(bootstrap_owner("acme", "owner@example.com")) {
        REQUIRE(post(acme + "/projects", owner, R"({"key":"web"})").status == 201);
    }
    static test::ApiRequest request(const std::string& path, const std::string& token, const std::string& body,
                                    const std::string& key) {
        return {net::Method::post, path, token, body, {{"Idempotency-Key", key}}};
    }
    Reply create(const std::string& path, const std::string& body, const std::string& key = uuid) {
        return send(request(path, owner, body, key));
    }
    std::string owner;
};

}  // namespace

TEST_CASE_METHOD(Repeating, "a repeated creation gets the first response, of every kind of resource") {
    const std::pair<std::string, std::string> creations[] = {
        {acme + "/projects", R"({"key":"shop"})"},
        {acme + "/members", R"({"email":"dev@example.com","role":"viewer"})"},
        {acme + "/keys", R"({"kind":"relay"})"},
        {web + "/environments", R"({"key":"preview"})"},
        {web + "/environments/development/keys", R"({"kind":"server"})"},
        {web + "/flags", R"({"key":"f","type":"boolean"})"},
        {web + "/segments", R"({"key":"s"})"},
    };
    for (const auto& [path, body] : creations) {
        INFO(path);
        const auto key = uuid + path;
        const auto first = create(path, body, key);
        REQUIRE(first.status == 201);
        CHECK(first.header("Idempotency-Replayed").empty());
        const auto entries = sql("SELECT count(*) FROM fanion.audit");
        const auto second = create(path, body, key);
        CHECK(second.status == 201);
        CHECK(second.header("Idempotency-Replayed") == "true");
        CHECK(second.body == first.body);
        CHECK(second.header("Location") == first.header("Location"));
        CHECK(second.etag() == first.etag());
        CHECK(second.header("Fanion-Ruleset-Version") == first.header("Fanion-Ruleset-Version"));
        CHECK(sql("SELECT count(*) FROM fanion.audit") == entries);
    }
}

TEST_CASE_METHOD(Repeating, "a secret that is shown once is nowhere in the database, replayed or not") {
    const auto made = create(web + "/environments/development/keys", R"({"kind":"server"})");
    REQUIRE(made.status == 201);
    CHECK(create(web + "/environments/development/keys", R"({"kind":"server"})").at("/key") == made.at("/key"));
    const auto secret = made.at("/key").substr(18, 30);
    CHECK(sql("SELECT count(*) FROM fanion.idempotency_keys WHERE position(convert_to('" + secret +
              "', 'UTF8') IN response) > 0") == "0");
    CHECK(sql("SELECT count(*) FROM fanion.idempotency_keys WHERE length(response) > 200") == "1");
    CHECK(sql("SELECT count(*) FROM fanion.idempotency_keys WHERE position(convert_to('" + uuid +
              "', 'UTF8') IN response) > 0") == "0");
}

TEST_CASE_METHOD(Repeating, "the same key with another body, path or query is refused, and changes nothing") {
    REQUIRE(create(web + "/flags", R"({"key":"f","type":"boolean"})").status == 201);
    for (const auto& [path, body] :
         std::vector<std::pair<std::string, std::string>>{{web + "/flags", R"({"key":"g","type":"boolean"})"},
                                                          {web + "/flags?comment=x", R"({"key":"f","type":"boolean"})"},
                                                          {web + "/segments", R"({"key":"f","type":"boolean"})"}}) {
        const auto reply = create(path, body);
        INFO(path << ' ' << reply.body);
        CHECK((reply.status == 422));
        CHECK(reply.errors() == std::vector<std::string>{"Idempotency-Key idempotency_key_reused"});
    }
    CHECK(get(web + "/flags/g", owner).status == 404);
    CHECK(create(web + "/flags", R"({"key":"h","type":"boolean"})", "short").status == 400);
    CHECK(create(web + "/flags?dry_run=true", R"({"key":"h","type":"boolean"})", "short").status == 400);
    CHECK(get(web + "/flags/h", owner).status == 404);
}

TEST_CASE_METHOD(Repeating, "what was refused is carried out when it is sent again") {
    CHECK(create(web + "/flags", R"({"key":"f","type":"string"})").status == 400);
    CHECK(create(web + "/flags?dry_run=true", R"({"key":"f","type":"boolean"})").status == 200);
    CHECK(create(web + "/flags", R"({"key":"f","type":"boolean"})").status == 201);
}

TEST_CASE_METHOD(Repeating, "a key belongs to its caller, and is forgotten after 24 hours") {
    const auto other = add_member(owner, "acme", "dev@example.com", "developer");
    REQUIRE(create(web + "/flags", R"({"key":"f","type":"boolean"})").status == 201);
    CHECK(send(request(web + "/flags", other, R"({"key":"g","type":"boolean"})", uuid)).status == 201);
    CHECK(send(request(web + "/flags", other, R"({"key":"f","type":"boolean"})", uuid + "2")).status == 409);
    sql("UPDATE fanion.idempotency_keys SET created_at = created_at - interval '24 hours 1 second'");
    CHECK(create(web + "/flags", R"({"key":"h","type":"boolean"})").status == 201);
    CHECK(sql("SELECT count(*) FROM fanion.idempotency_keys") == "1");
}

TEST_CASE_METHOD(Repeating, "of concurrent repeats one creates, and all get its response") {
    std::vector<test::ApiRequest> requests;
    for (int i = 0; i < 6; ++i)
        requests.push_back(request(web + "/environments/development/keys", owner, R"({"kind":"server"})", uuid));
    const auto replies = send_at_once(std::move(requests));
    std::size_t replayed = 0;
    for (const auto& reply : replies) {
        CHECK(reply.status == 201);
        CHECK(reply.body == replies[0].body);
        if (!reply.header("Idempotency-Replayed").empty()) ++replayed;
    }
    CHECK(replayed == 5);
    CHECK(sql("SELECT count(*) FROM fanion.api_keys") == "1");
}
