#include "common/service/descriptors.hpp"

#include <sys/resource.h>

#include <algorithm>
#include <catch2/catch.hpp>

#include "tests/unit/service/captured_log.hpp"

using namespace fanion;
using namespace fanion::service;

namespace {

// Sets the soft limit for as long as it lives.
class SoftLimit {
public:
    explicit SoftLimit(rlim_t soft) {
        ::getrlimit(RLIMIT_NOFILE, &before_);
        const rlimit lowered{soft, before_.rlim_max};
        REQUIRE(::setrlimit(RLIMIT_NOFILE, &lowered) == 0);
    }
    ~SoftLimit() { ::setrlimit(RLIMIT_NOFILE, &before_); }
    SoftLimit(const SoftLimit&) = delete;
    rlim_t hard() const { return before_.rlim_max; }

private:
    rlimit before_{};
};

}  // namespace

TEST_CASE("the soft limit is raised to the hard one, and what it was is reported") {
    const SoftLimit low(100);
    const auto raised = raise_descriptor_limit();
    CHECK(raised.before == 100);
    CHECK(raised.now == std::min<rlim_t>(low.hard(), 1u << 20));
    rlimit present{};
    ::getrlimit(RLIMIT_NOFILE, &present);
    CHECK(present.rlim_cur == raised.now);
    CHECK(present.rlim_max == low.hard());
    const auto again = raise_descriptor_limit();
    CHECK(again.before == raised.now);
    CHECK(again.now == raised.now);
}

TEST_CASE("the bound on connections is what the reserve leaves") {
    CHECK(connection_bound(1024, 200, 20'000) == 824);
    CHECK(connection_bound(1 << 20, 200, 20'000) == 20'000);
    CHECK(connection_bound(1024, 1000, 20'000) == 128);
    CHECK(connection_bound(1024, 5000, 20'000) == 128);
    CHECK(connection_bound(4, 100, 20'000) == 1);
    CHECK(connection_bound(1024, 200, 10) == 10);
}

TEST_CASE("the reserve covers the operators' port and grows with threads and upstreams") {
    const auto least = descriptor_reserve(20, 1, 8);
    CHECK(least > 20 + operators_connections + 8);
    CHECK(descriptor_reserve(21, 1, 8) == least + 1);
    CHECK(descriptor_reserve(20, 1, 9) == least + 1);
    CHECK(descriptor_reserve(20, 2, 8) >= least + 5);
    CHECK(open_descriptors() >= 3);
}

TEST_CASE("the log says the limit, and warns where it allows fewer connections than configured") {
    test::CapturedLog log;
    CHECK(connection_bounds({.now = 1024, .before = 512}, 224, {700, 100}, log.log()).http == 700);
    CHECK(log.has(R"("descriptor_limit","limit":1024,"before":512,"connections":800)"));
    CHECK_FALSE(log.has("connections_reduced"));
    CHECK(connection_bounds({.now = 1024, .before = 512}, 224, {20'000, 0}, log.log()).http == 800);
    CHECK(log.has(R"("connections_reduced","wanted":20000,"connections":800)"));
}

TEST_CASE("two ports share what there is as they would have it, and neither is left without") {
    test::CapturedLog log;
    const auto bounds_of = [&](std::uint64_t limit, ConnectionBounds wanted) {
        return connection_bounds({.now = limit, .before = limit}, 224, wanted, log.log());
    };
    const auto shared = bounds_of(1024, {30'000, 10'000});
    CHECK(shared.http == 600);
    CHECK(shared.grpc == 200);
    const auto few = bounds_of(4, {30'000, 1});
    CHECK(few.http == 1);
    CHECK(few.grpc == 1);
}
