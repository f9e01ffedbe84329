// The Prometheus servers of an organisation.

#include <catch2/catch.hpp>

#include "tests/integration/control-plane/rollouts/rollouts.hpp"

using namespace fanion;
using test::Rollouts;
using Texts = std::vector<std::string>;

TEST_CASE_METHOD(Rollouts, "a source is made, replaced and deleted, and each change is audited") {
    const auto place = home + "/prometheus/main";
    const auto made = put(place, owner, R"({"url":"https://prometheus.example/base","token":"t"})");
    INFO(made.body);
    REQUIRE(made.status == 201);
    CHECK(made.header("Location") == place);
    CHECK(made.etag() == "\"1\"");
    CHECK(get(place, owner).etag() == made.etag());
    CHECK(get(home + "/prometheus?limit=1", owner).at("/items/0/key") == "main");
    CHECK(put(place, owner, get(place, owner).body, "\"9\"").status == 412);
    const auto same = put(place, owner, get(place, owner).body, made.etag());
    CHECK(same.status == 200);
    CHECK(same.etag() == made.etag());
    CHECK(same.at("/has_token") == "true");
    CHECK(put(place, owner, R"({"url":"https://elsewhere.example"})").errors() == Texts{"/token missing"});
    const auto moved = put(place, owner, R"({"url":"http://elsewhere.example","token":"other"})");
    CHECK(moved.at("/warnings/0/code") == "not_encrypted");
    CHECK(put(place, owner, R"({"url":"http://elsewhere.example","token":null})").at("/has_token") == "false");
    CHECK(get(home + "/audit?limit=1", owner).at("/items/0/entry/resource") == "prometheus/main");
    CHECK(del(place, owner).status == 204);
    CHECK(get(place, owner).status == 404);
    CHECK(del(place, owner).status == 404);
}

TEST_CASE_METHOD(Rollouts, "bad sources are refused with the place") {
    const auto put_main = [&](const std::string& body) { return put(home + "/prometheus/main", owner, body).errors(); };
    CHECK(put_main("{}") == Texts{"/url missing"});
    CHECK(put_main(R"({"url":"ftp://x"})") == Texts{"/url bad_url"});
    CHECK(put_main(R"({"url":"https://x.example/?q=1"})") == Texts{"/url bad_url"});
    CHECK(put_main(R"({"url":"https://x.example","token":"a b"})") == Texts{"/token bad_character"});
    CHECK(put_main(R"({"url":"https://x.example","token":"a\r\nb"})") == Texts{"/token bad_character"});
    CHECK(put_main(R"({"url":"https://x.example","user":"u"})") == Texts{"/user unknown_field"});
    CHECK(put(home + "/prometheus/a%20b", owner, R"({"url":"https://x.example"})").errors() ==
          Texts{"{source} bad_key"});
}

TEST_CASE_METHOD(Rollouts, "a source that guards ask is not deleted, and their number is bounded") {
    make_source();
    const auto place = started(R"({"share":1000,"hold":"1h"},{"share":100000})",
                               R"(,"guards":[{"prometheus":"main","query":"q","above":1,"on_breach":"hold"}])");
    CHECK(del(home + "/prometheus/main", owner).errors() == Texts{" in_use"});
    REQUIRE(post(place + "/cancel", owner, "{}").status == 200);
    CHECK(del(home + "/prometheus/main", owner).status == 204);
    for (int i = 0; i < 20; ++i) {
        REQUIRE(put(home + "/prometheus/p" + std::to_string(i), owner, R"({"url":"https://x.example"})").status == 201);
    }
    CHECK(put(home + "/prometheus/p20", owner, R"({"url":"https://x.example"})").errors() == Texts{" limit"});
    CHECK(put(home + "/prometheus/p19", owner, R"({"url":"https://x.example"})").status == 200);
}

TEST_CASE_METHOD(Rollouts, "a token that is sealed for one source does not open for another") {
    make_source("one");
    prometheus.set("q", "0");
    REQUIRE(put(home + "/prometheus/other", owner, R"({"url":")" + prometheus.url() + R"(","token":"two"})").status ==
            201);
    sql("UPDATE fanion.prometheus_sources SET token = (SELECT token FROM fanion.prometheus_sources WHERE key = "
        "'other') WHERE key = 'main'");
    const auto place = started(R"({"share":1000,"hold":"1h"},{"share":100000})",
                               R"(,"guards":[{"prometheus":"main","query":"q","above":1,"on_breach":"hold"}])");
    look();
    CHECK(shown(place).at("/reason") == "no_data");
    CHECK(prometheus.authorizations().empty());
}
