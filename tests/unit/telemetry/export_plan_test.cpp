#include "common/telemetry/export_plan.hpp"

#include <catch2/catch.hpp>

namespace {

using namespace fanion::telemetry;
using Outcome = ExportPlan::Outcome;
using std::chrono::milliseconds;
using std::chrono::seconds;

TEST_CASE("the receiver's status decides whether a batch is sent again") {
    for (const unsigned status : {200u, 202u, 204u})
        CHECK(ExportPlan().judge({status}, 0).outcome == Outcome::accepted);
    for (const unsigned status : {400u, 401u, 404u, 413u, 500u, 301u})
        CHECK(ExportPlan().judge({status}, 0).outcome == Outcome::rejected);
    for (const unsigned status : {0u, 408u, 429u, 502u, 503u, 504u})
        CHECK(ExportPlan().judge({status}, 0).outcome == Outcome::retry);
}

TEST_CASE("waits double, are spread, and end after some attempts") {
    ExportPlan plan;
    CHECK(plan.is_well());
    CHECK(plan.judge({503}, 0).wait == milliseconds(500));
    CHECK_FALSE(plan.is_well());
    CHECK(plan.judge({503}, 0.999).wait > milliseconds(1'990));
    CHECK(plan.judge({503}, 0).wait == milliseconds(2'000));
    CHECK(plan.judge({503}, 0).wait == milliseconds(4'000));
    CHECK(plan.judge({503}, 0).outcome == Outcome::given_up);
}

TEST_CASE("while nothing answers each batch gets one attempt and the longest wait") {
    ExportPlan plan;
    for (unsigned i = 0; i < ExportPlan::most_attempts; ++i) plan.judge({}, 0);
    const auto next = plan.judge({}, 1);
    CHECK(next.outcome == Outcome::given_up);
    CHECK(next.wait == ExportPlan::longest_wait);
    CHECK(plan.judge({200}, 0).outcome == Outcome::accepted);
    CHECK(plan.is_well());
    CHECK(plan.judge({}, 0).outcome == Outcome::retry);
}

TEST_CASE("Retry-After is obeyed within bounds") {
    CHECK(ExportPlan().judge({429, seconds(7)}, 0).wait == seconds(7));
    CHECK(ExportPlan().judge({429, seconds(0)}, 0).wait == milliseconds(500));
    CHECK(ExportPlan().judge({429, seconds(3'600)}, 0).wait == ExportPlan::longest_wait);
}

}  // namespace
