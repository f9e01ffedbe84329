// Named contexts to evaluate flags with.

#include "tests/integration/control-plane/dashboard/project.hpp"

using namespace fanion;
using test::acme;
using test::Project;
using test::web;
using Texts = std::vector<std::string>;

namespace {

const std::string contexts = web + "/contexts";

}  // namespace

TEST_CASE_METHOD(Project, "a saved context is what evaluate takes, its numbers as they were written") {
    const auto made = post(
        contexts, owner,
        R"({"name":"Ann","shared":true,"context":{"key":"ann","plan":"pro","age":1.0,"big":9223372036854775807}})");
    INFO(made.body);
    REQUIRE(made.status == 201);
    const auto path = contexts + '/' + made.at("/id");
    const auto got = get(path, owner);
    CHECK(got.at("/context") == R"({"key":"ann","plan":"pro","age":1.0,"big":9223372036854775807})");
    REQUIRE(post(web + "/flags", owner, R"({"key":"f","type":"boolean"})").status == 201);
    const auto evaluated =
        post(web + "/environments/production/evaluate", owner, R"({"flag":"f","context":)" + got.at("/context") + "}");
    CHECK(evaluated.status == 200);

    const auto listed = get(contexts, owner);
    CHECK(each(listed, "name") == "Ann ");
    CHECK(listed.at("/items/0/context") == "");
    const auto changed = patch(path, owner, R"({"context":{"plan":null,"age":2}})", got.etag());
    CHECK(changed.at("/context") == R"({"key":"ann","age":2,"big":9223372036854775807})");
    CHECK(del(path, owner).status == 204);
    CHECK(get(path, owner).status == 404);
    CHECK(sql("SELECT string_agg(action, ' ' ORDER BY seq) FROM fanion.audit WHERE action LIKE 'context.%'") ==
          "context.created context.updated context.deleted");
}

TEST_CASE_METHOD(Project, "a context is an object within the limits of evaluation") {
    const auto errors = [&](const std::string& body) { return post(contexts, owner, body).errors(); };
    CHECK(errors(R"({"name":"a"})") == Texts{"/context missing"});
    CHECK(errors(R"({"name":"a","context":[]})") == Texts{"/context wrong_type"});
    CHECK(errors(R"({"name":"a","context":{},"environment":"production"})") == Texts{"/environment unknown_field"});
    const auto of_size = [](std::size_t size) {
        return R"({"name":"a","context":{"a":")" + std::string(size - 8, 'x') + "\"}}";
    };
    CHECK(errors(of_size(65'537)) == Texts{"/context limit"});
    CHECK(post(contexts, owner, of_size(65'536)).status == 201);
}

TEST_CASE_METHOD(Project, "a personal context is nobody else's, and no view") {
    const auto viewer = add_member(owner, "acme", "viewer@example.com", "viewer");
    const auto id = post(contexts, viewer, R"({"name":"Mine","context":{"key":"me"}})").at("/id");
    CHECK(get(contexts + '/' + id, viewer).status == 200);
    CHECK(get(contexts + '/' + id, owner).status == 404);
    CHECK(get(web + "/views/" + id, viewer).status == 404);
    CHECK(each(get(contexts, owner), "name") == "");
    CHECK(sql("SELECT count(*) FROM fanion.audit WHERE action LIKE 'context.%'") == "0");
}
