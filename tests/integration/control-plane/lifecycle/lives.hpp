#pragma once

// A project with flags whose past evaluations a test makes up.

#include <catch2/catch.hpp>
#include <string>
#include <vector>

#include "common/base/text.hpp"
#include "control-plane/events/answer_store.hpp"
#include "control-plane/events/count_store.hpp"
#include "tests/integration/control-plane/admin/api_fixture.hpp"
#include "tests/integration/control-plane/admin/paths.hpp"
#include "tests/support/catch_result.hpp"

namespace fanion::test {

inline constexpr UnixMillis a_minute = 60'000;
inline constexpr UnixMillis a_day = 24 * 60 * a_minute;

class Lives : public ApiFixture {
public:
    Lives() : owner(bootstrap_owner("acme", "owner@example.com")) {
        REQUIRE(post(acme + "/projects", owner, R"({"key":"web"})").status == 201);
        org = cp::access::OrgId(sql("SELECT org_id FROM fanion.orgs WHERE key = 'acme'"));
    }
    void create(const std::string& key, const std::string& members = "") {
        const auto reply = post(web + "/flags", owner, R"({"key":")" + key + R"(","type":"boolean")" + members + "}");
        INFO(reply.body);
        REQUIRE(reply.status == 201);
    }
    cp::access::EnvironmentId env_id(const std::string& key) {
        return cp::access::EnvironmentId(sql("SELECT env_id FROM fanion.environments WHERE key = '" + key + "'"));
    }
    // As a relay's batch would report it, so many days ago.
    void evaluate(const std::string& env, const std::string& flag, const std::string& variation, double days_ago,
                  const std::string& relay = "eu-1", const std::string& sdk = "") {
        const auto at = clock.now() - static_cast<UnixMillis>(days_ago * static_cast<double>(a_day));
        run(store({{env_id(env), flag, variation, 1, "SPLIT", sdk, at - at % a_minute, 1}}, relay));
    }
    boost::asio::awaitable<void> store(std::vector<cp::events::CountRow> rows, std::string relay) {
        cp::events::Arrival arrival;
        arrival.relay = std::move(relay);
        arrival.rows = std::move(rows);
        const auto effects = cp::events::effects_of({&arrival});
        auto tx = co_await pool.begin(cp::db::Scope::tenant(org.str()));
        cp::events::add_counts(tx, org, effects.counts);
        co_await cp::events::note_answers(tx, org, effects.answers);
        co_await cp::events::note_callers(tx, org, effects.callers);
        co_await tx.commit();
    }
    // The text of a time so many days ago, to the minute.
    std::string ago(double days) {
        const auto at = clock.now() - static_cast<UnixMillis>(days * static_cast<double>(a_day));
        return format_rfc3339(at - at % a_minute);
    }
    // Makes the project, its environments and all flags older.
    void age(int days) {
        for (const auto* table : {"flags", "environments"})
            sql("UPDATE fanion." + std::string(table) + " SET created_at = created_at - make_interval(days => " +
                std::to_string(days) + ")");
    }
    // A person who may read all of the project but production.
    std::string add_reader_without_production() {
        REQUIRE(post(acme + "/roles", owner, R"({"key":"none","permissions":[]})").status == 201);
        auto reader = add_member(owner, "acme", "reader@example.com", "viewer");
        const auto id = get("/api/v1/auth/me", reader).at("/user/id");
        const auto place = web + "/environments/production/assignments/" + id;
        REQUIRE(put(place, owner, R"({"role":"none"})").status < 300);
        return reader;
    }
    // The member of all items of a page, each with a space.
    static std::string each(const Reply& reply, const std::string& list, const std::string& member) {
        std::string all;
        for (int i = 0;; ++i) {
            const auto value = reply.at(list + '/' + std::to_string(i) + '/' + member);
            if (value.empty()) return all;
            all += value + ' ';
        }
    }

    std::string owner;
    cp::access::OrgId org;
};

}  // namespace fanion::test
