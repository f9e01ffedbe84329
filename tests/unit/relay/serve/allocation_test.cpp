// The promise of the hot path: a warm single evaluation allocates nothing.

#include "common/net/request_builder.hpp"
#include "tests/support/catch_result.hpp"
#include "tests/support/counted_heap.hpp"
#include "tests/unit/relay/serve/served_relay.hpp"

using namespace fanion;
using namespace fanion::test;

TEST_CASE("a warm single evaluation allocates nothing, nor does one that is not sampled") {
    const auto traced = GENERATE(false, true);
    telemetry::Tracer tracer;
    ServedRelay relay;
    if (traced) relay.services->tracing = {&tracer, telemetry::TraceSampler(1e-12)};
    const std::string bearer = "Bearer " + std::string(server_key);
    const std::string body =
        R"({"context":{"targetingKey":"a-user-with-a-long-identifier","country":"DE","plan":"enterprise"}})";
    net::Request request;
    net::Response response;
    const auto ask_once = [&](std::string_view target) {
        net::RequestBuilder::clear(request);
        request.method = net::Method::post;
        request.body = body;
        net::RequestBuilder::set_target(request, target);
        net::RequestBuilder::add_header(request, "Authorization", bearer);
        const auto match = relay.router.match(request);
        response.clear();
        match.route->sync(request, response);
        return response.status;
    };
    for (const auto* flag : {"ruled", "split", "basic", "object", "stopped", "behind"}) {
        const std::string target = "/ofrep/v1/evaluate/flags/" + std::string(flag);
        REQUIRE(ask_once(target) == 200);
        REQUIRE(ask_once(target) == 200);
        const auto before = heap_uses();
        const auto status = ask_once(target);
        const auto after = heap_uses();
        CHECK(status == 200);
        CHECK(after == before);
    }
}
