#include "control-plane/events/arrivals.hpp"

#include <catch2/catch.hpp>
#include <limits>

#include "control-plane/events/noted.hpp"

using namespace fanion;
using namespace fanion::cp::events;
using cp::access::EnvironmentId;

namespace {

constexpr UnixMillis midday = 1'763'719'200'000;
constexpr UnixMillis later = midday + 60'000;

CountRow row_of(std::string flag, std::int64_t n, UnixMillis minute = midday, std::string variation = "on") {
    return {EnvironmentId("e_1"), std::move(flag), std::move(variation), 3, "SPLIT", "", minute, n};
}

Arrival arrival_of(std::string relay, std::vector<CountRow> rows) {
    Arrival arrival;
    arrival.relay = std::move(relay);
    for (const auto& row : rows) arrival.evaluations += static_cast<std::uint64_t>(row.n);
    arrival.rows = std::move(rows);
    return arrival;
}

}  // namespace

TEST_CASE("counts of several batches are summed by their labels, minute by minute") {
    const auto one = arrival_of("r1", {row_of("a", 1), row_of("b", 2)});
    const auto two = arrival_of("r2", {row_of("b", 3), row_of("c", 4)});
    const auto three = arrival_of("r1", {row_of("b", 5, later)});
    const auto effects = effects_of({&three, &two, &one});
    CHECK(effects.counts == std::vector{row_of("a", 1), row_of("b", 5), row_of("b", 5, later), row_of("c", 4)});
    CHECK(effects.events == 15);
    CHECK(effects_of({}).counts.empty());
}

TEST_CASE("each label counts apart") {
    auto other = row_of("a", 1);
    const auto sums = [&](CountRow changed) {
        const auto one = arrival_of("r", {row_of("a", 1)});
        const auto two = arrival_of("r", {std::move(changed)});
        return effects_of({&one, &two}).counts.size();
    };
    CHECK(sums(other) == 1);
    other.env_id = EnvironmentId("e_2");
    CHECK(sums(other) == 2);
    other = row_of("a", 1);
    other.version = 4;
    CHECK(sums(other) == 2);
    other = row_of("a", 1);
    other.reason = "DEFAULT";
    CHECK(sums(other) == 2);
    other = row_of("a", 1);
    other.sdk = "python/1";
    CHECK(sums(other) == 2);
    other = row_of("a", 1);
    other.rule = "r-1";
    CHECK(sums(other) == 2);
    CHECK(sums(row_of("a", 1, midday, "off")) == 2);
}

TEST_CASE("sums over batches stop at the largest number that can be stored") {
    const auto most = std::numeric_limits<std::int64_t>::max();
    const auto one = arrival_of("r", {row_of("a", most)});
    auto two = arrival_of("r", {row_of("a", most)});
    two.evaluations = std::numeric_limits<std::uint64_t>::max();
    const auto effects = effects_of({&one, &two});
    CHECK(effects.counts == std::vector{row_of("a", most)});
    CHECK(effects.events == std::numeric_limits<std::uint64_t>::max());
}

TEST_CASE("answers are noted by variation with the minutes between which they came") {
    const auto one = arrival_of("r1", {row_of("a", 1, later), row_of("a", 1, midday, "off")});
    const auto two = arrival_of("r2", {row_of("a", 1, midday)});
    const auto effects = effects_of({&one, &two});
    const EnvironmentId env("e_1");
    CHECK(effects.answers ==
          std::vector<AnswerNote>{{env, "a", "off", midday, midday}, {env, "a", "on", midday, later}});
    CHECK(effects.callers == std::vector<CallerNote>{{env, "a", "r1", "", later}, {env, "a", "r2", "", midday}});
}

TEST_CASE("drops are summed by relay, and zeros left out") {
    auto one = arrival_of("r2", {});
    one.drops = {1, 0, 2};
    auto two = one;
    const auto none = arrival_of("r1", {});
    CHECK(effects_of({&one, &two, &none}).drops == std::vector<DropNote>{{"r2", {2, 0, 4}}});
}

TEST_CASE("deliveries are summed by relay, and batches that came again are only counted") {
    auto one = arrival_of("r2", {});
    one.evaluations = 7;
    one.exposures = 2;
    auto two = one;
    two.metrics = 1;
    const auto other = arrival_of("r1", {});
    CHECK(deliveries_of({&one, &two}, {&one, &other}) ==
          std::vector<Delivery>{{"r1", 0, 0, 0, 1}, {"r2", 14, 4, 1, 1}});
}

TEST_CASE("a note that was written is not written again in its minute") {
    const EnvironmentId env("e_1");
    const std::vector<AnswerNote> answers{{env, "a", "on", midday, later}};
    const std::vector<CallerNote> callers{{env, "a", "r1", "", midday}};
    Noted noted;
    CHECK(noted.unknown(answers) == answers);
    CHECK(noted.unknown(callers) == callers);
    noted.add(answers);
    noted.add(callers);
    CHECK(noted.unknown(answers).empty());
    CHECK(noted.unknown(callers).empty());
    CHECK(noted.unknown(std::vector<AnswerNote>{{env, "a", "on", midday, midday}}).empty());
    CHECK(noted.unknown(std::vector<AnswerNote>{{env, "a", "on", midday - 60'000, midday}}).size() == 1);  // earlier
    CHECK(noted.unknown(std::vector<AnswerNote>{{env, "a", "on", later + 60'000, later + 60'000}}).size() == 1);
    CHECK(noted.unknown(std::vector<AnswerNote>{{env, "a", "off", midday, midday}}).size() == 1);
    CHECK(noted.unknown(std::vector<CallerNote>{{env, "a", "r1", "", midday - 60'000}}).empty());
    CHECK(noted.unknown(std::vector<CallerNote>{{env, "a", "r1", "", later}}).size() == 1);
    CHECK(noted.unknown(std::vector<CallerNote>{{env, "a", "r2", "", midday}}).size() == 1);
    CHECK(noted.unknown(std::vector<CallerNote>{{env, "a", "r1", "x", midday}}).size() == 1);
}

TEST_CASE("notes that are too many are forgotten, which only makes them be written again") {
    const EnvironmentId env("e_1");
    Noted noted(2);
    const std::vector<AnswerNote> first{{env, "a", "on", midday, midday}, {env, "b", "on", midday, midday}};
    noted.add(first);
    CHECK(noted.unknown(first).empty());
    const std::vector<AnswerNote> second{{env, "c", "on", midday, midday}};
    noted.add(second);
    CHECK(noted.unknown(second).empty());
    CHECK(noted.unknown(first) == first);
}
