// Requests a second: of a credential before the database is asked, of an organisation, and what answers say of it.

#include <catch2/catch.hpp>

#include "common/base/ids.hpp"
#include "common/base/text.hpp"
#include "tests/integration/control-plane/admin/api_fixture.hpp"
#include "tests/integration/control-plane/admin/paths.hpp"

using namespace fanion;
using test::acme;
using test::ApiFixture;
using test::Reply;
namespace quotas = cp::quotas;

namespace {

class RateLimits : public ApiFixture {
public:
    RateLimits() : owner(bootstrap_owner("acme", "owner@example.com")) {}
    // The time stands still: nothing comes back.
    void limit(quotas::Rate credential, quotas::Limit organisation = std::nullopt) {
        auto config = no_rates();
        config.credential = credential;
        config.quotas.set(quotas::Quota::requests_per_second, organisation);
        config.now = []() noexcept { return quotas::Nanoseconds{1'000'000'000'000}; };
        limits.replace(std::move(config));
    }
    static std::uint64_t number(const Reply& reply, const char* header) {
        return parse_u64(reply.header(header)).value_or(999'999);
    }
    // What the metrics have of the statements that find out whether the session of a request is in force.
    std::string session_lookups() {
        std::string found;
        const auto text = server_registry.text();
        for (const auto line : split(text, '\n')) {
            for (const std::string_view name : {"\"find_session_owner\"", "\"admission_states\""})
                if (line.find(name) != std::string_view::npos) found.append(line).append("\n");
        }
        return found;
    }
    std::string owner;
};

}  // namespace

TEST_CASE_METHOD(RateLimits, "answers say how many requests are left, also those that refuse") {
    CHECK(get(acme, owner).header("RateLimit-Limit").empty());  // no limit
    limit({1, 100});
    const auto first = get(acme, owner);
    CHECK(first.status == 200);
    CHECK(first.header("RateLimit-Limit") == "100");
    CHECK(first.header("RateLimit-Remaining") == "99");
    CHECK(first.header("RateLimit-Reset") == "1");
    CHECK(first.header("Retry-After").empty());
    CHECK(get(acme + "/projects/none", owner).header("RateLimit-Remaining") == "98");
    CHECK(get(acme + "?x=1", owner).header("RateLimit-Remaining") == "97");
    CHECK(get("/api/v1/auth/me", owner).header("RateLimit-Remaining") == "96");
    CHECK(post(acme + "/projects", owner, R"({"key":"web"})").header("RateLimit-Remaining") == "95");
    CHECK(get(acme, "").header("RateLimit-Limit").empty());  // no credential
}

TEST_CASE_METHOD(RateLimits, "too many requests of a credential are refused before the database is asked") {
    const auto other = add_member(owner, "acme", "other@example.com", "viewer");
    limit({1, 3});
    for (int i = 0; i < 3; ++i) CHECK(get(acme, owner).status == 200);
    const auto before = session_lookups();
    REQUIRE_FALSE(before.empty());
    const auto refused = get(acme, owner);
    CHECK(refused.status == 429);
    CHECK(session_lookups() == before);
    CHECK(refused.header("Content-Type") == "application/problem+json");
    CHECK(refused.header("RateLimit-Remaining") == "0");
    CHECK(number(refused, "Retry-After") == 1);
    CHECK(number(refused, "RateLimit-Reset") == 3);
    CHECK(refused.at("/detail") == "too many requests of this credential: try again in 1 s");
    CHECK(quota_metrics.by_credential.value() == 1);
    CHECK(get(acme, other).status == 200);  // others are not touched
    CHECK(sql("SELECT count(*) FROM fanion.audit WHERE action = 'request.refused'") == "0");
}

TEST_CASE_METHOD(RateLimits, "tokens are limited each by itself, and unknown ones too") {
    const auto made = post("/api/v1/auth/tokens", owner, R"({"name":"a","scopes":["read"]})").at("/token");
    const auto more = post("/api/v1/auth/tokens", owner, R"({"name":"b","scopes":["read"]})").at("/token");
    const auto account = post(acme + "/tokens", owner, R"({"name":"ci","role":"viewer"})").at("/token");
    limit({1, 1});
    const auto unknown = make_api_key("pat").text;
    CHECK(get(acme, unknown).status == 401);
    CHECK(get(acme, unknown).status == 429);
    for (const auto& token : {made, more, account}) {
        CHECK(get(acme, token).status == 200);
        CHECK(get(acme, token).status == 429);
    }
}

TEST_CASE_METHOD(RateLimits, "an organisation's limit is shared by its callers, and the stricter one is shown") {
    const auto ada = add_member(owner, "acme", "ada@example.com", "viewer");
    REQUIRE(post("/api/v1/orgs", owner, R"({"key":"other"})").status == 201);
    const auto outsider = add_member(owner, "other", "outsider@example.com", "viewer");
    limit({1, 100}, 1);  // two at once
    CHECK(get(acme, owner).header("RateLimit-Limit") == "2");
    CHECK(get(acme, ada).status == 200);
    const auto refused = get(acme, ada);
    CHECK(refused.status == 429);
    CHECK(refused.at("/detail") == "too many requests of this organisation: try again in 1 s");
    CHECK(quota_metrics.by_organisation.value() == 1);
    CHECK(get("/api/v1/orgs/other", owner).status == 200);
    CHECK(get("/api/v1/auth/me", owner).header("RateLimit-Limit") == "100");  // of no organisation
    CHECK(get(acme, outsider).status == 404);                                 // outsiders take nothing from it
}

TEST_CASE_METHOD(RateLimits, "an organisation's own rate takes effect when it is read") {
    limit({}, 1);
    sql("INSERT INTO fanion.org_quotas SELECT org_id, 'requests_per_second', 50 FROM fanion.orgs");
    run(limits.refresh(pool));
    const auto reply = get(acme, owner);
    CHECK(reply.header("RateLimit-Limit") == "100");
    const auto usage = get(acme + "/usage", owner);
    CHECK(usage.at("/quotas/5/name") == "requests_per_second");
    CHECK(usage.at("/quotas/5/limit") == "50");
    sql("UPDATE fanion.org_quotas SET max_count = NULL");
    run(limits.refresh(pool));
    CHECK(get(acme, owner).header("RateLimit-Limit").empty());
}
