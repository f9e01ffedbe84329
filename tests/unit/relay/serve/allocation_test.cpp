// The promise of the hot path: a warm single evaluation allocates nothing. A program of its own, because it replaces the
// global operator new.

#include <cstdlib>
#include <new>

#include "common/net/request_builder.hpp"
#include "tests/support/catch_result.hpp"
#include "tests/unit/relay/serve/served_relay.hpp"

namespace {
std::size_t allocations = 0;

void* counted_allocation(std::size_t size) {
    ++allocations;
    if (void* memory = std::malloc(size == 0 ? 1 : size)) return memory;
    throw std::bad_alloc();
}
}  // namespace

void* operator new(std::size_t size) { return counted_allocation(size); }
void* operator new[](std::size_t size) { return counted_allocation(size); }
void* operator new(std::size_t size, const std::nothrow_t&) noexcept {
    ++allocations;
    return std::malloc(size == 0 ? 1 : size);
}
void operator delete(void* memory) noexcept { std::free(memory); }
void operator delete[](void* memory) noexcept { std::free(memory); }
void operator delete(void* memory, std::size_t) noexcept { std::free(memory); }
void operator delete[](void* memory, std::size_t) noexcept { std::free(memory); }
void operator delete(void* memory, const std::nothrow_t&) noexcept { std::free(memory); }

using namespace fanion;
using namespace fanion::test;

TEST_CASE("a warm single evaluation allocates nothing") {
    ServedRelay relay;
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
        const auto before = allocations;
        const auto status = ask_once(target);
        const auto after = allocations;
        CHECK(status == 200);
        CHECK(after == before);
    }
}

TEST_CASE("the counter of allocations counts") {
    const auto before = allocations;
    const auto memory = std::make_unique<std::string>(100, 'x');
    CHECK(allocations > before);
    CHECK(memory->size() == 100);
}
