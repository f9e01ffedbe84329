// From what workers note to what reports say.

#include "relay/attributes/seen_attributes.hpp"

#include <algorithm>
#include <catch2/catch.hpp>
#include <set>

using namespace fanion;
using namespace fanion::relay::attributes;
using wire::AttributeType;
using Reports = std::vector<wire::SeenAttribute>;

namespace {

constexpr UnixMillis hour = 3'600'000;

Noted noted(std::string_view name, AttributeType type, Source source = Source::server, std::string env_id = "e_1") {
    Noted made;
    made[std::move(env_id)].of(source).count(name) = static_cast<Types>(1u << static_cast<unsigned>(type));
    return made;
}

// Reports until nothing is due; the number of reports.
std::size_t report_all(SeenAttributes& seen, std::set<std::string>* names = nullptr) {
    std::size_t reports = 0;
    for (auto due = seen.due(); !due.empty(); due = seen.due()) {
        CHECK(due.size() <= wire::most_attributes);
        for (const auto& each : due)
            if (names) names->insert(each.env_id + ' ' + each.name);
        seen.reported(due);
        REQUIRE(++reports < 1'000);
    }
    return reports;
}

}  // namespace

TEST_CASE("a name and type is due by its hour until upstream has accepted it, and again in another hour") {
    SeenAttributes seen;
    CHECK(seen.due().empty());
    CHECK(seen.merge(noted("a", AttributeType::string), 10 * hour + 1));
    CHECK_FALSE(seen.merge(noted("a", AttributeType::string), 10 * hour + 2));
    const Reports first{{"e_1", "a", AttributeType::string, false, 10 * hour}};
    CHECK(seen.due() == first);
    CHECK(seen.due() == first);
    seen.reported(first);
    CHECK(seen.due().empty());
    CHECK(seen.merge(noted("a", AttributeType::number), 10 * hour + 3));  // another type is news
    CHECK(seen.due() == Reports{{"e_1", "a", AttributeType::number, false, 10 * hour}});
    CHECK_FALSE(seen.merge(noted("a", AttributeType::string), 11 * hour));
    CHECK(seen.due().size() == 2);
    seen.reported(first);  // an old report does not hide a newer hour
    CHECK(seen.due().size() == 2);
}

TEST_CASE("what workers note is one list, and a clock that goes back moves nothing back") {
    SeenAttributes seen;
    seen.merge(noted("a", AttributeType::string), 5 * hour);
    seen.merge(noted("a", AttributeType::string), 4 * hour);
    seen.merge(noted("b", AttributeType::string), 5 * hour);
    auto due = seen.due();
    REQUIRE(due.size() == 2);
    CHECK(due[0].at == 5 * hour);
    CHECK(seen.names() == 2);
}

TEST_CASE("what both kinds of key have sent is reported as the back ends'") {
    SeenAttributes seen;
    seen.merge(noted("a", AttributeType::string, Source::client), hour);
    CHECK(seen.due() == Reports{{"e_1", "a", AttributeType::string, true, hour}});
    seen.merge(noted("a", AttributeType::string), hour);
    CHECK(seen.due() == Reports{{"e_1", "a", AttributeType::string, false, hour}});
    seen.merge(noted("a", AttributeType::number, Source::client), hour);
    CHECK(seen.due().size() == 2);  // of this type only clients have it
    report_all(seen);
    seen.reported(
        {{"e_none", "a", AttributeType::string, false, hour}, {"e_1", "b", AttributeType::string, true, hour}});
    CHECK(seen.due().empty());
}

TEST_CASE("an environment's names are bounded, and a hostile client cannot take the places of back ends' names") {
    SeenAttributes seen;
    seen.merge(noted("country", AttributeType::string), hour);
    for (int i = 0; i < 5'000; ++i)
        seen.merge(noted("junk" + std::to_string(i), AttributeType::string, Source::client), hour);
    CHECK(seen.names() == 1 + most_names);
    const auto due = seen.due();
    CHECK(std::any_of(due.begin(), due.end(), [](const auto& each) { return each.name == "country"; }));
}

TEST_CASE("an environment with many names does not keep another's out of the reports") {
    SeenAttributes seen;
    seen.merge(noted("quiet", AttributeType::string, Source::server, "e_9"), hour);
    for (int round = 0; round < 3; ++round) {
        Noted loud;
        for (const auto* env_id : {"e_1", "e_2", "e_3"})
            for (std::size_t i = 0; i < most_names; ++i)
                loud[env_id].by_client.count(std::to_string(round) + "-" + std::to_string(i)) = 0x3F;
        seen.merge(loud, hour);
        const auto due = seen.due();
        CHECK(due.size() == wire::most_attributes);
        seen.reported(due);
    }
    std::set<std::string> names;
    report_all(seen, &names);
    CHECK(names.count("e_9 quiet") == 1);
}

TEST_CASE("what does not fit into a report is in the next ones, each once") {
    SeenAttributes turns;
    Noted all;
    for (int env = 0; env < 50; ++env)
        for (std::size_t i = 0; i < most_names; ++i)
            all["e_" + std::to_string(env)].by_server.count("n" + std::to_string(i)) = 1;
    turns.merge(all, hour);
    std::set<std::string> reported;
    CHECK(report_all(turns, &reported) == 50 * most_names / wire::most_attributes);
    CHECK(reported.size() == 50 * most_names);
}

TEST_CASE("what is not seen any more is forgotten after some hours") {
    SeenAttributes seen;
    seen.merge(noted("once", AttributeType::string), hour);
    Noted often;
    often["e_1"].by_server.count("often", 100) = 1;
    seen.merge(often, hour);
    seen.merge({}, 2 * hour);
    CHECK(seen.names() == 1);
    seen.merge({}, 2 * hour + 1);  // once an hour
    CHECK(seen.names() == 1);
    for (int i = 3; i < 12; ++i) seen.merge({}, i * hour);
    CHECK(seen.names() == 0);
    CHECK(seen.due().empty());
}
