#include "relay/forward/batcher.hpp"

#include <catch2/catch.hpp>
#include <vector>

using namespace fanion::relay::forward;
using std::chrono::milliseconds;

namespace {

constexpr double always_longest = 0.999999;
constexpr fanion::UnixMillis start = 1'763'720'000'000;

}  // namespace

TEST_CASE("each status leads to its decision") {
    struct Case {
        Answer answer;
        Decision decision;
    };
    const std::vector<Case> cases{
        {{200, "", true}, Decision::delivered}, {{200, "", false}, Decision::retry},  // a proxy's page
        {{204, "", false}, Decision::retry},    {{302, "", false}, Decision::retry},
        {{400, "", false}, Decision::rejected}, {{401, "", false}, Decision::retry},
        {{403, "", false}, Decision::retry},    {{404, "", false}, Decision::retry},
        {{408, "", false}, Decision::retry},    {{413, "", false}, Decision::split},
        {{415, "", false}, Decision::retry},    {{422, "", false}, Decision::rejected},
        {{429, "", false}, Decision::retry},    {{500, "", false}, Decision::retry},
        {{503, "", true}, Decision::retry},
    };
    for (const auto& c : cases) {
        CAPTURE(c.answer.status);
        const auto step = Batcher().on_answer(c.answer, start, 0.5);
        CHECK(step.decision == c.decision);
        CHECK((step.wait > milliseconds(0)) == (c.decision == Decision::retry));
    }
}

TEST_CASE("waits double from half a second to a minute, with full jitter") {
    Batcher batcher;
    std::vector<std::int64_t> longest;
    for (int i = 0; i < 10; ++i) longest.push_back(batcher.on_failure(always_longest).wait.count());
    const std::vector<std::int64_t> expected{500, 1000, 2000, 4000, 8000, 16'000, 32'000, 60'000, 60'000, 60'000};
    for (std::size_t i = 0; i < expected.size(); ++i) {
        CHECK(longest[i] <= expected[i]);
        CHECK(longest[i] >= expected[i] - 1);
    }
    CHECK(batcher.on_failure(0).wait == milliseconds(1));  // never a busy loop
}

TEST_CASE("a settled batch resets the backoff") {
    for (const unsigned status : {200u, 400u, 413u, 422u}) {
        Batcher batcher;
        for (int i = 0; i < 8; ++i) batcher.on_failure(0.5);
        batcher.on_answer({status, "", true}, start, 0.5);
        CHECK(batcher.on_failure(always_longest).wait <= milliseconds(500));
    }
}

TEST_CASE("Retry-After is honoured, up to an hour") {
    CHECK(Batcher().on_answer({503, "7", false}, start, 0.1).wait == milliseconds(7'000));
    CHECK(Batcher().on_answer({429, " 1 ", false}, start, 0.9).wait == milliseconds(1'000));
    CHECK(Batcher().on_answer({503, "0", false}, start, 0.9).wait == milliseconds(1));
    CHECK(Batcher().on_answer({503, "99999999999", false}, start, 0.1).wait == Batcher::max_retry_after);
    CHECK(Batcher().on_answer({503, "soon", false}, start, always_longest).wait <= milliseconds(500));
}

TEST_CASE("a rejected credential slows retries down to one a minute but never ends them") {
    for (const unsigned status : {401u, 403u}) {
        Batcher batcher;
        for (int i = 0; i < 5; ++i) {
            const auto step = batcher.on_answer({status, "", false}, start, 0.5);
            CHECK(step.decision == Decision::retry);
            CHECK(step.wait >= milliseconds(60'000));
            CHECK(step.wait <= milliseconds(66'000));
        }
        CHECK(batcher.on_answer({200, "", true}, start, 0.5).decision == Decision::delivered);
        CHECK(batcher.on_failure(always_longest).wait <= milliseconds(500));
    }
}

TEST_CASE("a batch that is always answered with an error is rejected after 20 attempts and two hours") {
    struct Case {
        unsigned status;
        bool ends;
    };
    const auto c = GENERATE(Case{500, true}, Case{501, true}, Case{302, true}, Case{404, true}, Case{405, true},
                            Case{415, true}, Case{200, false}, Case{401, false}, Case{403, false}, Case{429, false},
                            Case{502, false}, Case{503, false}, Case{504, false});
    CAPTURE(c.status);
    Batcher batcher;
    const auto answer = [&](fanion::UnixMillis at) {
        return batcher.on_answer({c.status, "", false}, start + at, 0.5).decision;
    };
    SECTION("not after fewer attempts") {
        for (unsigned i = 1; i < Batcher::most_failures; ++i)
            CHECK(answer(i * Batcher::failure_time) == Decision::retry);
        CHECK(answer(Batcher::most_failures * Batcher::failure_time) ==
              (c.ends ? Decision::rejected : Decision::retry));
    }
    SECTION("not in less time, whatever fails in between") {
        for (unsigned i = 0; i < 3 * Batcher::most_failures; ++i) {
            CHECK(answer(0) == Decision::retry);
            batcher.on_failure(0.5);
        }
        CHECK(answer(Batcher::failure_time - 1) == Decision::retry);
        CHECK(answer(Batcher::failure_time) == (c.ends ? Decision::rejected : Decision::retry));
        CHECK(answer(Batcher::failure_time) == Decision::retry);  // the next batch begins anew
    }
}
