#include "control-plane/quotas/quota.hpp"

#include <catch2/catch.hpp>

#include "control-plane/quotas/usage_json.hpp"
#include "tests/support/catch_result.hpp"

using namespace fanion;
using namespace fanion::cp::quotas;

TEST_CASE("changes of quotas are read as they are written") {
    const auto changes = parse_quota_changes({"flags=5000", "keys=unlimited", "members=default", "segments=0"}).value();
    REQUIRE(changes.size() == 4);
    CHECK(changes[0] == QuotaChange{Quota::flags, Limit(5'000)});
    CHECK(changes[1] == QuotaChange{Quota::keys, Limit()});
    CHECK(changes[2] == QuotaChange{Quota::members, std::nullopt});
    CHECK(changes[3] == QuotaChange{Quota::segments, Limit(0)});
    for (const auto* bad : {"flags", "flags=", "flags=-1", "flags=5 000", "flag=1", "=1", "", "flags=1000000000001",
                            "requests_per_second=0"}) {
        const auto read = parse_quota_changes({bad});
        CHECK_FALSE(read);
    }
}

TEST_CASE("an organisation has its own limits, and for the rest the installation's") {
    OwnQuotas own;
    apply_changes(own, parse_quota_changes({"flags=1", "keys=unlimited"}).value());
    CHECK(to_json(own) == R"({"flags":1,"keys":null})");
    const auto all = combined(usual_quotas(), own);
    CHECK(all.of(Quota::flags) == 1u);
    CHECK_FALSE(all.of(Quota::keys));
    CHECK(all.of(Quota::segments) == usual_quotas().of(Quota::segments));
    apply_changes(own, parse_quota_changes({"flags=default", "keys=default"}).value());
    CHECK(own == OwnQuotas{});
    CHECK_FALSE(usual_quotas().of(Quota::events_per_day));
}

TEST_CASE("every quota has a name") {
    for (const auto quota : all_quotas) CHECK(parse_quota(name_of(quota)) == quota);
    CHECK_FALSE(parse_quota("projects"));
}

TEST_CASE("usage is shown with its limits") {
    CHECK(usage_text({{Quota::flags, 3, 10}, {Quota::events_per_day, 7, std::nullopt}}, 1'763'720'000'000) ==
          R"({"quotas":[{"name":"flags","used":3,"limit":10},)"
          R"({"name":"events_per_day","used":7,"limit":null,"day":"2025-11-21"}]})");
}
