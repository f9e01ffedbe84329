// What is kept of reported attributes, and who is shown it.

#include "control-plane/attributes/attribute_store.hpp"
#include "tests/integration/control-plane/dashboard/project.hpp"

using namespace fanion;
using test::acme;
using test::Project;
using test::web;
using wire::AttributeType;
namespace attributes = cp::attributes;

namespace {

constexpr UnixMillis day = 86'400'000;

class Seen : public Project {
public:
    boost::asio::awaitable<void> record(std::vector<wire::SeenAttribute> seen, UnixMillis at) {
        auto tx = co_await pool.begin(cp::db::Scope::tenant(org));
        const cp::access::OrgId org_id(org);
        co_await attributes::record_attributes(tx, org_id, std::move(seen), at);
        co_await tx.commit();
    }
    void saw(std::string name, AttributeType type, UnixMillis at, bool from_client = false) {
        run(record({{env_id, std::move(name), type, from_client, at}}, at));
    }
    // So many names at once, from clients.
    void saw_junk(const std::string& prefix, int n, UnixMillis at) {
        std::vector<wire::SeenAttribute> seen;
        for (int i = 0; i < n; ++i)
            seen.push_back({env_id, prefix + std::to_string(i), AttributeType::string, true, at});
        run(record(std::move(seen), at));
    }
    std::string count(const std::string& where) {
        return sql("SELECT count(*) FROM fanion.context_attributes WHERE " + where);
    }

    std::string org = sql("SELECT org_id FROM fanion.orgs WHERE key = 'acme'");
    std::string env_id = get(web + "/environments/development", owner).at("/env_id");
    std::string path = web + "/environments/development/attributes";
    UnixMillis now = 1'795'000'000'000;
};

}  // namespace

TEST_CASE_METHOD(Seen, "attributes are listed by name with their types and days, in pages, and by prefix") {
    CHECK(get(path, owner).body == R"({"items":[],"next":null})");
    saw("roles", AttributeType::string_list, now);
    saw("Region", AttributeType::string, now, true);
    saw("/app/version", AttributeType::string, now);
    saw("roles", AttributeType::string, now + 2 * day);
    const auto all = get(path, owner);
    CHECK(each(all, "name") == "/app/version Region roles ");
    CHECK(all.at("/items/2") ==
          R"({"name":"roles","types":["string","string_list"],"first_seen":"2026-11-18","last_seen":"2026-11-20"})");
    CHECK(each(get(path + "?q=r", owner), "name") == "Region roles ");
    CHECK(each(get(path + "?q=%2Fapp", owner), "name") == "/app/version ");
    CHECK(each(get(path + "?q=%25", owner), "name").empty());
    const auto first = get(path + "?limit=2", owner);
    CHECK(each(first, "name") == "/app/version Region ");
    const auto second = get(path + "?limit=2&cursor=" + first.at("/next"), owner);
    CHECK(each(second, "name") == "roles ");
    CHECK(second.at("/next") == "null");
    CHECK(get(path + "?limit=201", owner).status == 400);
    CHECK(get(path + "?wave=1", owner).status == 400);
    CHECK(each(get(web + "/environments/staging/attributes", owner), "name").empty());
    CHECK(get(web + "/environments/none/attributes", owner).status == 404);
}

TEST_CASE_METHOD(Seen, "the list has an entity tag that changes with it") {
    saw("a", AttributeType::string, now);
    const auto tag = get(path, owner).etag();
    const auto again = [&] { return send({.path = path, .token = owner, .headers = {{"If-None-Match", tag}}}); };
    CHECK(again().status == 304);
    saw("a", AttributeType::string, now);
    CHECK(again().status == 304);
    saw("a", AttributeType::string, now + day);
    CHECK(again().status == 200);
}

TEST_CASE_METHOD(Seen, "who may read the environment is shown its attributes, and nobody else") {
    saw("a", AttributeType::string, now);
    CHECK(get(path, service("viewer", R"(["read"])")).status == 200);
    CHECK(get(path, "").status == 401);
    const auto outsider = add_member(owner, "acme", "out@example.com", "viewer");
    REQUIRE(post(acme + "/roles", owner, R"({"key":"none","name":"None","permissions":[]})").status == 201);
    const auto id = sql("SELECT user_id FROM fanion.users WHERE email = 'out@example.com'");
    REQUIRE(patch(acme + "/members/" + id, owner, R"({"role":"none"})").status == 200);
    REQUIRE(put(web + "/environments/staging/assignments/" + id, owner, R"({"role":"viewer"})").status == 201);
    CHECK(get(path, outsider).status == 404);
    CHECK(get(web + "/environments/staging/attributes", outsider).status == 200);
}

TEST_CASE_METHOD(Seen,
                 "strangers' names are bounded, and drive out neither back ends' names nor what was there before") {
    saw("country", AttributeType::string, now);
    saw("shown", AttributeType::string, now, true);
    for (int i = 0; i < 5; ++i) saw_junk("junk" + std::to_string(i) + '-', 200, now + 6 * day);
    CHECK(count("from_client") == std::to_string(attributes::most_of_source));
    CHECK(count("name = 'country' AND NOT from_client") == "1");
    CHECK(count("name = 'shown'") == "1");  // seen within a week, and first
    saw_junk("later", 10, now + 20 * day);
    CHECK(count("name = 'shown'") == "0");  // what was not seen for longest goes first
    CHECK(count("name LIKE 'later%'") == "10");
    CHECK(count("from_client") == std::to_string(attributes::most_of_source));
}

TEST_CASE_METHOD(Seen, "what was not seen for ninety days is forgotten, and what belongs to a purged environment") {
    saw("old", AttributeType::string, now);
    saw("young", AttributeType::string, now);
    sql("UPDATE fanion.context_attributes SET last_seen = (now() AT TIME ZONE 'UTC')::date - "
        "CASE name WHEN 'old' THEN 91 ELSE 90 END");
    run(attributes::purge_attributes(pool));
    CHECK(each(get(path, owner), "name") == "young ");
    sql("UPDATE fanion.environments SET deleted_at = now() - interval '1 year' WHERE env_id = '" + env_id + "'");
    run(attributes::purge_attributes(pool));
    CHECK(count("name = 'young'") == "1");  // the environment may still be restored
    sql("SELECT fanion.purge_deleted(now(), 1000) FROM generate_series(1, 9)");
    run(attributes::purge_attributes(pool));
    CHECK(count("true") == "0");
}
