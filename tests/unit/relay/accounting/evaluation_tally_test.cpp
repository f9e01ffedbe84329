#include "relay/accounting/evaluation_tally.hpp"

#include <catch2/catch.hpp>

using namespace fanion;
using relay::accounting::EvaluationTally;

namespace {

wire::CountEvent counted(const std::string& env, const std::string& sdk, std::uint64_t n) {
    wire::CountEvent count;
    count.env = env;
    count.sdk = sdk;
    count.n = n;
    return count;
}

}  // namespace

TEST_CASE("evaluations are added up by environment and by SDK") {
    EvaluationTally tally;
    const std::vector<wire::CountEvent> counts{counted("e_1", "python/1.0", 3), counted("e_2", "python/1.0", 4),
                                               counted("e_1", "", 5)};
    tally.add(counts);
    tally.add(counts);
    CHECK(tally.environments() == EvaluationTally::Numbers{{"e_1", 16}, {"e_2", 8}});
    CHECK(tally.sdks() == EvaluationTally::Numbers{{"(none)", 10}, {"python/1.0", 14}});
}

TEST_CASE("names that come from requests are bounded in form and number") {
    EvaluationTally tally;
    const std::vector<wire::CountEvent> odd{counted("e", std::string(42, 'x'), 1), counted("e", "a b", 2),
                                            counted("e", "\xC3\xA9", 4)};
    tally.add(odd);
    CHECK(tally.sdks() == EvaluationTally::Numbers{{"(other)", 7}});
    for (int i = 0; i < 200; ++i) {
        const std::vector<wire::CountEvent> one{counted("e_" + std::to_string(i), "sdk/" + std::to_string(i), 1)};
        tally.add(one);
    }
    CHECK(tally.sdks().size() == EvaluationTally::most_sdks);
    CHECK(tally.sdks()["(other)"] == 7 + 200 - 49);
    CHECK(tally.environments().size() == 201);
}
