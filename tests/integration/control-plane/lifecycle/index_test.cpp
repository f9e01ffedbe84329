// All flags of a project in one response.

#include "common/base/compression.hpp"
#include "tests/integration/control-plane/lifecycle/lives.hpp"

using namespace fanion;
using test::Lives;
using test::web;

namespace {

class Index : public Lives {
public:
    test::Reply index(std::vector<std::pair<std::string, std::string>> headers = {}) {
        return send({net::Method::get, web + "/flag-index", owner, "", std::move(headers)});
    }
};

}  // namespace

TEST_CASE_METHOD(Index, "the index has each live flag with its state in each environment") {
    create("b", R"(,"tags":["t"],"owner":"ann","lifetime":"release","name":"B")");
    create("a");
    create("gone");
    create("old");
    REQUIRE(patch(web + "/flags/old", owner, R"({"archived":true})", "*").status == 200);
    REQUIRE(del(web + "/flags/gone", owner, "*").status == 204);
    const auto split =
        R"({"enabled":true,"off":"off","fallthrough":{"split":{"weights":[{"variation":"on","weight":25},)"
        R"({"variation":"off","weight":75}]}}})";
    const auto written = put(web + "/flags/b/environments/staging", owner, split);
    INFO(written.body);
    REQUIRE(written.status == 200);
    const auto reply = index();
    INFO(reply.body);
    CHECK(each(reply, "/flags", "key") == "a b ");
    CHECK(reply.at("/has_more") == "false");
    CHECK(reply.at("/flags/1/name") == "B");
    CHECK(reply.at("/flags/1/tags/0") == "t");
    CHECK(reply.at("/flags/1/owner") == "ann");
    CHECK(reply.at("/flags/1/lifetime") == "release");
    CHECK(reply.at("/flags/1/environments/staging/enabled") == "true");
    CHECK(reply.at("/flags/1/environments/staging/percent") == "25");
    CHECK(reply.at("/flags/1/environments/staging/version") == "2");
    CHECK(reply.at("/flags/1/environments/production/enabled") == "false");
    CHECK(reply.at("/flags/1/environments/production/percent") == "100");
    sql("UPDATE fanion.flag_configs SET share = NULL");
    CHECK(index().body == reply.body);
    CHECK(reply.at("/flags/1/stale") == "[]");
    age(100);
    evaluate("production", "b", "on", 50);
    evaluate("production", "b", "on", 0);
    const auto aged = index();
    CHECK(aged.at("/flags/0/stale/0") == "unused");
    CHECK(aged.at("/flags/1/stale/0") == "constant");
    CHECK(aged.at("/flags/1/stale/1") == "expired");
    CHECK(aged.at("/flags/1/environments/production/stale") == "constant");
    CHECK(aged.at("/flags/1/environments/staging/stale") == "unused");
}

TEST_CASE_METHOD(Index, "the index has a tag, and is packed as the client takes it") {
    for (int i = 0; i < 20; ++i) create("flag-" + std::to_string(i));
    const auto plain = index();
    CHECK(plain.header("Content-Encoding").empty());
    CHECK(index({{"If-None-Match", plain.etag()}}).status == 304);
    const auto packed = index({{"Accept-Encoding", "gzip"}});
    CHECK(packed.header("Content-Encoding") == "gzip");
    CHECK(packed.etag() == plain.etag().substr(0, plain.etag().size() - 1) + "-gzip\"");  // other bytes
    CHECK(index({{"If-None-Match", packed.etag()}}).status == 304);
    CHECK(index({{"Accept-Encoding", "gzip;q=0"}}).etag() == plain.etag());
    CHECK(packed.body.size() * 4 < plain.body.size());
    CHECK(decompress(Encoding::gzip, packed.body, 1'000'000).value() == plain.body);
    REQUIRE(patch(web + "/flags/flag-7", owner, R"({"owner":"ann"})").status == 200);
    CHECK(index({{"If-None-Match", plain.etag()}}).status == 200);
}
