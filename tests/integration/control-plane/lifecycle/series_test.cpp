// Counts over time, and what is left of them with age.

#include <boost/asio/experimental/awaitable_operators.hpp>

#include "control-plane/events/series_store.hpp"
#include "control-plane/events/thinning.hpp"
#include "tests/integration/control-plane/lifecycle/lives.hpp"

using namespace fanion;
using test::a_minute;
using test::Lives;
using test::web;
using Texts = std::vector<std::string>;

namespace {

constexpr UnixMillis an_hour = 60 * a_minute;
const std::string series = web + "/environments/staging/stats/series";

class Series : public Lives {
public:
    Series() {
        create("f");
        env = env_id("staging");
    }
    cp::events::CountRow row(UnixMillis minutes_ago, std::int64_t n, const std::string& variation = "on",
                             std::int64_t version = 1) {
        return {env, "f", variation, version, "SPLIT", "", base - minutes_ago * a_minute, n};
    }
    static cp::events::CountRow of_rule(std::string rule, cp::events::CountRow row) {
        row.rule = std::move(rule);
        return row;
    }
    void count(std::vector<cp::events::CountRow> rows) { run(store(std::move(rows), "eu-1")); }
    std::string total() { return sql("SELECT sum(n) FROM fanion.evaluation_counts"); }
    std::string rows() { return sql("SELECT count(*) FROM fanion.evaluation_counts"); }
    void thin() { run(cp::events::thin_evaluations(pool, clock)); }

    cp::access::EnvironmentId env;
    const UnixMillis base = clock.now() - clock.now() % an_hour - 30 * a_minute;  // half past an hour
};

}  // namespace

TEST_CASE_METHOD(Series, "a series has a point for each step in which something was counted") {
    count({row(0, 5), row(1, 7), row(70, 11), row(0, 2, "off"), row(0, 3, "", 2)});
    const auto all = get(series, owner);
    INFO(all.body);
    CHECK(all.at("/step") == "hour");
    CHECK(all.at("/series/0/count") == "28");
    CHECK(each(all, "/series/0/points", "count") == "11 17 ");
    CHECK(all.at("/series/0/points/1/at") == format_rfc3339(base - 30 * a_minute));
    const auto by = get(series + "?by=variation&step=minute&from=" + format_rfc3339(base - an_hour) +
                            "&to=" + format_rfc3339(base + a_minute),
                        owner);
    INFO(by.body);
    CHECK(each(by, "/series", "variation") == "on null off ");
    CHECK(each(by, "/series", "count") == "12 3 2 ");
    CHECK(each(by, "/series/0/points", "count") == "7 5 ");
    CHECK(each(get(series + "?by=version", owner), "/series", "version") == "1 2 ");
    CHECK(get(series + "?by=sdk", owner).at("/series/0/sdk") == "null");
    CHECK(get(series + "?by=reason&flag=f", owner).at("/series/0/reason") == "SPLIT");
    CHECK(get(series + "?flag=other", owner).at("/series") == "[]");
    CHECK(get(series + "?by=flag", owner).errors() == Texts{"?by bad_value"});
    CHECK(get(series + "?step=week", owner).errors() == Texts{"?step bad_value"});
    CHECK(get(series + "?step=minute&from=" + ago(2) + "&to=" + ago(0), owner).errors() ==
          Texts{"?step too_many_points"});
    CHECK(get(series + "?from=later", owner).errors() == Texts{"?from bad_time"});
}

TEST_CASE_METHOD(Series, "sparks are the last 24 hours of each flag that is asked for") {
    const auto of = [](const char* flag, cp::events::CountRow row) {
        row.flag = flag;
        return row;
    };
    const auto age_of = [&](UnixMillis hour) { return (base - hour) / a_minute; };
    const auto hour = clock.now() - clock.now() % an_hour;
    count({row(age_of(hour), 5), row(age_of(hour), 2, "off"), row(age_of(hour - an_hour), 7), of("g", row(0, 9)),
           row(age_of(hour - 23 * an_hour), 3), row(age_of(hour - 24 * an_hour), 100), of("other", row(0, 11))});
    const auto sparks = web + "/environments/staging/stats/sparks?flags=";
    const auto reply = get(sparks + "g,none,f,g", owner);
    INFO(reply.body);
    CHECK(reply.at("/from") == format_rfc3339(hour - 23 * an_hour));
    CHECK(reply.at("/to") == format_rfc3339(hour + an_hour));
    CHECK(each(reply, "/flags", "flag") == "g none f ");
    CHECK(reply.at("/flags/2/counts") == "[3,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,7,7]");
    CHECK(reply.at("/flags/1/counts") == "[0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0]");
    CHECK(get(sparks, owner).errors() == Texts{"?flags missing"});
    std::string many;
    for (int i = 0; i < 201; ++i) many += ',' + std::to_string(i);
    CHECK(get(sparks + many, owner).errors() == Texts{"?flags too_many"});
    CHECK(get(web + "/environments/production/stats/sparks?flags=f", add_reader_without_production()).status == 404);
}

TEST_CASE_METHOD(Series, "a flag's series by rule say how many evaluations each rule decided") {
    count({of_rule("r-1", row(0, 5)), of_rule("r-1", row(1, 6, "off")), of_rule("r-2", row(0, 7)), row(0, 1)});
    count({of_rule("r-1", row(0, 20))});
    const auto by = get(series + "?flag=f&by=rule", owner);
    INFO(by.body);
    CHECK(each(by, "/series", "rule") == "r-1 r-2 null ");
    CHECK(each(by, "/series", "count") == "31 7 1 ");
    CHECK(each(get(series + "?by=variation", owner), "/series", "count") == "33 6 ");
}

TEST_CASE_METHOD(Series, "of many series the largest are shown") {
    std::vector<cp::events::CountRow> many;
    for (int i = 0; i < 25; ++i) many.push_back(row(0, 100 - i, "on", 100 + i));
    count(many);
    const auto reply = get(series + "?by=version", owner);
    CHECK(reply.at("/series/0/version") == "100");
    CHECK(reply.at("/series/19/version") == "119");
    CHECK(reply.at("/series/20").empty());
    CHECK(reply.at("/has_more") == "true");
}

TEST_CASE_METHOD(Series, "old minutes become hours and old hours days; no evaluation is lost or counted twice") {
    const UnixMillis day = 24 * 60;
    const UnixMillis at_last_hour = 3 * day + 30;  // its first minute, which names the hour
    count({row(at_last_hour, 1), row(at_last_hour - 1, 2), row(at_last_hour - 59, 4), row(at_last_hour - 60, 8),
           row(at_last_hour - 1, 16, "off"), row(day, 32), row(0, 64)});
    auto of_one_day = std::vector{row(0, 128), row(0, 256), row(0, 512)};
    const auto old_day = clock.now() - clock.now() % test::a_day - 100 * test::a_day;
    for (std::size_t i = 0; i < 3; ++i) of_one_day[i].minute = old_day + static_cast<UnixMillis>(i) * 61 * a_minute;
    count(of_one_day);
    CHECK(rows() == "10");
    thin();
    CHECK(total() == "1023");
    CHECK(sql("SELECT string_agg(n::text, ' ' ORDER BY n) FROM fanion.evaluation_counts") == "7 8 16 32 64 896");
    const auto before = sql("SELECT md5(string_agg(c::text, ',' ORDER BY c::text)) FROM fanion.evaluation_counts c");
    thin();
    CHECK(sql("SELECT md5(string_agg(c::text, ',' ORDER BY c::text)) FROM fanion.evaluation_counts c") == before);
    count({row(at_last_hour - 5, 1'000)});  // a relay that was away
    thin();
    CHECK(sql("SELECT string_agg(n::text, ' ' ORDER BY n) FROM fanion.evaluation_counts") == "8 16 32 64 896 1007");
    const auto reply = get(series + "?step=hour&from=" + ago(4) + "&to=" + ago(2), owner);
    CHECK(each(reply, "/series/0/points", "count") == "1023 8 ");
    const auto refused = get(series + "?step=minute&from=" + ago(4) + "&to=" + ago(3.5), owner);
    CHECK(refused.errors() == Texts{"?step thinned"});
    CHECK(refused.at("/errors/0/detail").find("step=hour fits") != std::string::npos);
}

TEST_CASE_METHOD(Series, "counts of different rules are thinned apart") {
    const UnixMillis minutes = 3 * 24 * 60;
    count({of_rule("r-1", row(minutes, 1)), of_rule("r-1", row(minutes - 1, 2)), of_rule("r-2", row(minutes, 4)),
           row(minutes, 8), row(minutes - 1, 16)});
    count({of_rule("r-1", row(99 * 24 * 60, 32)), of_rule("r-2", row(99 * 24 * 60, 64))});
    const std::string by_rule =
        "SELECT string_agg(rule || ' ' || n, ', ' ORDER BY minute, rule) FROM fanion.evaluation_counts";
    CHECK(rows() == "7");
    thin();
    CHECK(sql(by_rule) == "r-1 32, r-2 64,  24, r-1 3, r-2 4");
}

TEST_CASE_METHOD(Series, "replicas may thin at once, while late batches come in") {
    using namespace boost::asio::experimental::awaitable_operators;
    std::vector<cp::events::CountRow> old;
    for (int i = 0; i < 600; ++i) old.push_back(row(5'000 + 600 - i, 1));
    count(old);
    const std::vector late{row(5'100, 600)};
    run(cp::events::thin_evaluations(pool, clock) && cp::events::thin_evaluations(pool, clock) && store(late, "eu-2"));
    thin();
    CHECK(total() == "1200");
    CHECK(sql("SELECT count(*) <= 11 FROM fanion.evaluation_counts") == "t");
}

TEST_CASE_METHOD(Series, "what is known of deleted flags, and of relays that are gone, is forgotten") {
    create("g");
    evaluate("staging", "f", "on", 1, "here");
    evaluate("staging", "f", "on", 1, "gone");
    evaluate("staging", "g", "on", 1);
    sql("UPDATE fanion.flag_callers SET last_at = now() - interval '91 days' WHERE relay_id = 'gone'; "
        "UPDATE fanion.flag_callers SET last_at = now() WHERE relay_id <> 'gone'");
    REQUIRE(del(web + "/flags/g", owner, "*").status == 204);
    thin();
    CHECK(sql("SELECT string_agg(flag || relay_id, ' ') FROM fanion.flag_callers") == "fhere");
    CHECK(sql("SELECT string_agg(flag, ' ') FROM fanion.flag_answers") == "f");
}
