// How long a flag is left out of the report.

#include <catch2/catch.hpp>

#include "common/base/text.hpp"
#include "common/json/document.hpp"
#include "control-plane/lifecycle/snooze.hpp"

using namespace fanion;
using namespace fanion::cp::lifecycle;

namespace {

constexpr UnixMillis snooze_day = 24LL * 60 * 60 * 1000;
constexpr UnixMillis snooze_now = 1'763'719'200'000;

Verdict found_today(const std::vector<Reason>& reasons) {
    Verdict verdict;
    for (const auto reason : reasons) verdict.overall.push_back({reason, snooze_now - snooze_day, std::nullopt});
    return verdict;
}

Snooze snoozed_for(const std::vector<Reason>& reasons, UnixMillis until = snooze_now + snooze_day) {
    Snooze snooze;
    snooze.until = until;
    snooze.reasons = reasons;
    return snooze;
}

std::string codes(const std::string& body) {
    json::Document document;
    REQUIRE(document.parse(body));
    const auto until = read_snooze(document.root(), snooze_now);
    if (until) return std::to_string(*until - snooze_now);
    std::string all;
    for (const auto& finding : until.error().findings) all += finding.pointer + ' ' + finding.code + ' ';
    return all;
}

std::string until(UnixMillis at) { return R"({"until":")" + format_rfc3339(at) + R"("})"; }

}  // namespace

TEST_CASE("a snooze lasts until its time, or until something else is found") {
    struct Row {
        std::vector<Reason> then;
        std::vector<Reason> today;
        bool is_quiet;
    };
    const Row rows[] = {
        {{Reason::constant}, {Reason::constant}, true},
        {{Reason::constant}, {Reason::unused}, false},
        {{Reason::constant}, {Reason::constant, Reason::expired}, false},
        {{Reason::constant, Reason::expired}, {Reason::expired}, true},
        {{Reason::constant}, {}, true},  // it may come back
        {{}, {Reason::unused}, true},
    };
    for (const auto& row : rows) {
        CAPTURE(row.then.size(), row.today.size());
        CHECK(is_quiet(snoozed_for(row.then), found_today(row.today), snooze_now) == row.is_quiet);
        CHECK_FALSE(is_quiet(snoozed_for(row.then, snooze_now), found_today(row.today), snooze_now));
    }
    CHECK(reasons_of(found_today({Reason::unused, Reason::expired})) == std::vector{Reason::unused, Reason::expired});
}

TEST_CASE("the snooze of a flag is found by its key") {
    const std::vector<SnoozedFlag> snoozes{{"a", snoozed_for({})}, {"c", snoozed_for({Reason::unused})}};
    CHECK(snooze_in_force(snoozes, "a", found_today({Reason::unused}), snooze_now) == &snoozes[0].snooze);
    CHECK(snooze_in_force(snoozes, "b", found_today({}), snooze_now) == nullptr);
    CHECK(snooze_in_force(snoozes, "c", found_today({Reason::expired}), snooze_now) == nullptr);
    CHECK(snooze_in_force(snoozes, "d", found_today({}), snooze_now) == nullptr);
}

TEST_CASE("a snooze has an end within a year") {
    CHECK(codes(until(snooze_now + 1)) == "1");
    CHECK(codes(until(snooze_now + 365 * snooze_day)) == std::to_string(365 * snooze_day));
    CHECK(codes(until(snooze_now + 365 * snooze_day + 1)) == "/until too_far ");
    CHECK(codes(until(snooze_now)) == "/until in_the_past ");
    CHECK(codes("{}") == "/until missing ");
    CHECK(codes(R"({"until":null})") == "/until missing ");
    CHECK(codes(R"({"until":"soon"})") == "/until bad_time ");
}
