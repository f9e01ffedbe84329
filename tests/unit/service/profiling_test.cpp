#include "common/service/profiling.hpp"

#include "common/base/text.hpp"
#include "common/json/document.hpp"
#include "tests/support/catch_result.hpp"
#include "tests/support/http_server.hpp"
#include "tests/support/raw_http.hpp"

using namespace fanion;

namespace {

struct ProfilingRig {
    explicit ProfilingRig(bool allow)
        : server([this, allow](net::Router& router) { service::add_profiling_routes(router, allow, pool); }) {}
    ~ProfilingRig() { pool.join(); }

    test::RawAnswer get(const std::string& path) const {
        test::RawHttp client(server.port());
        client.send("GET " + path + " HTTP/1.1\r\nHost: h\r\n\r\n");
        return client.receive();
    }

    net::BlockingPool pool{1};
    test::HttpServer server;
};

}  // namespace

TEST_CASE("profiles are refused unless they are allowed") {
    const ProfilingRig rig(false);
    for (const auto* path : {"/debug/profile", "/debug/profile?seconds=1", "/debug/heap"}) {
        const auto answer = rig.get(path);
        CHECK(answer.status == 403);
        CHECK(answer.body.find("--allow-profiling") != std::string::npos);
    }
}

TEST_CASE("the length of a profile is bounded") {
    const ProfilingRig rig(true);
    for (const auto* seconds : {"0", "301", "-1", "x", "", "1.5"}) {
        const auto answer = rig.get("/debug/profile?seconds=" + std::string(seconds));
        CHECK(answer.status == 400);
        CHECK(answer.body.find("from 1 to 300") != std::string::npos);
    }
}

TEST_CASE("what the C library says of its memory") {
    const ProfilingRig rig(true);
    const auto answer = rig.get("/debug/heap");
    CHECK(answer.status == 200);
    json::Document document;
    REQUIRE(document.parse(answer.body));
    std::string resident;
    document.root().find("resident_bytes").append_to(resident);
    CHECK(parse_u64(resident).value_or(0) > 1'000'000);
    CHECK(document.root().find("used_bytes"));
}
