// Relay keys of projects and organisations on their way into rulesets, on a real PostgreSQL.

#include <boost/asio/co_spawn.hpp>
#include <exception>
#include <functional>
#include <optional>
#include <string>
#include <utility>

#include "control-plane/keys/relay_key_upkeep.hpp"
#include "tests/support/eventually.hpp"
#include "tests/support/postgres_fixture.hpp"

using namespace fanion;
using boost::asio::awaitable;
using cp::db::Scope;
using cp::db::Statement;
using cp::db::Transaction;

namespace {

constexpr Statement insert_key{"test_insert_key",
                               "INSERT INTO api_keys (key_id, org_id, kind, sha256) "
                               "VALUES ($1, 'o_1', 'relay', sha256(convert_to($1, 'UTF8')))"};
constexpr Statement insert_environment{
    "test_insert_environment",
    "INSERT INTO environments (env_id, org_id, project_id, key, name) VALUES ($1, 'o_1', 'p_1', $1, '')"};
constexpr Statement broken{"test_broken", "SELECT 1 / (count(*) - count(*)) FROM orgs"};

// Publishes nothing, and fails where it is told to.
class FakePublisher : public cp::publish::RulesetPublisher {
public:
    awaitable<Result<cp::publish::Publication>> publish(Transaction& tx, const cp::projects::LockedEnvironment& env,
                                                        std::vector<wire::ItemChange>, std::string) override {
        ++calls;
        if (on_call) on_call();
        if (env.env_id.str() == refused) co_return Error{Errc::too_large, "the ruleset is too large"};
        if (env.env_id.str() == failing) co_await tx.run(broken);
        co_return cp::publish::Publication(env.env_id, {1, 1}, {}, true);
    }
    awaitable<Result<cp::publish::Publication>> withdraw(Transaction&,
                                                         const cp::projects::LockedEnvironment& env) override {
        co_return cp::publish::Publication(env.env_id, {1, 1}, {}, true);
    }
    awaitable<Result<std::vector<Finding>>> check(Transaction&, const cp::projects::Environment&,
                                                  std::vector<wire::ItemChange>, std::string) override {
        co_return std::vector<Finding>();
    }

    std::string refused;
    std::string failing;
    std::function<void()> on_call;
    int calls = 0;
};

class UpkeepFixture : public test::PostgresFixture {
public:
    UpkeepFixture() {
        sql("INSERT INTO orgs (org_id, key, name) VALUES ('o_1', 'acme', '');"
            "INSERT INTO projects (project_id, org_id, key, name) VALUES ('p_1', 'o_1', 'web', '')");
        add_environment("e_1");
        add_environment("e_2");
    }

    void add_environment(const std::string& id) {
        sql("INSERT INTO environments (env_id, org_id, project_id, key, name) VALUES ('" + id + "', 'o_1', 'p_1', '" +
            id + "', '')");
    }
    void add_key() {
        sql("INSERT INTO api_keys (key_id, org_id, kind, sha256) VALUES ('key0000001', 'o_1', 'relay', sha256('a'))");
    }
    std::size_t publish() { return run(cp::keys::publish_relay_keys(pool, publisher, upkeep, log)); }
    std::string waiting() {
        return sql("SELECT coalesce(string_agg(env_id, ' ' ORDER BY env_id), '') FROM relay_key_upkeep");
    }

    // A transaction that has run one statement and ends when the test says so.
    struct Write {
        std::optional<Transaction> tx;
        bool is_done = false;
    };
    awaitable<void> write(Write& into, const Statement& statement, std::string id) {
        auto scope = Scope::tenant("o_1");
        into.tx.emplace(co_await pool.begin(std::move(scope)));
        co_await into.tx->run(statement, id);
        into.is_done = true;
    }
    void begin(Write& into, const Statement& statement, const std::string& id) {
        boost::asio::co_spawn(context, write(into, statement, id),
                              [this](const std::exception_ptr& thrown) { failure = failure ? failure : thrown; });
    }
    template <class Holds>
    void wait_until(const std::string& what, Holds holds) {
        test::eventually(what, [&] {
            context.restart();
            context.poll();
            if (failure) std::rethrow_exception(failure);
            return holds();
        });
    }
    bool is_one_waiting() {
        return sql("SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND NOT granted AND database = "
                   "(SELECT oid FROM pg_database WHERE datname = current_database())") == "1";
    }

    FakePublisher publisher;
    cp::keys::UpkeepMetrics upkeep{registry};
    std::exception_ptr failure;  // of a write
};

}  // namespace

TEST_CASE_METHOD(UpkeepFixture, "a key and an environment that are made at the same time see each other") {
    const bool key_first = GENERATE(true, false);
    CAPTURE(key_first);
    Write first, second;
    const auto begin_key = [&](Write& into) { begin(into, insert_key, "key0000001"); };
    const auto begin_environment = [&](Write& into) { begin(into, insert_environment, "e_3"); };
    key_first ? begin_key(first) : begin_environment(first);
    wait_until("the first is written", [&] { return first.is_done; });
    key_first ? begin_environment(second) : begin_key(second);
    wait_until("the second waits", [&] { return second.is_done || is_one_waiting(); });
    REQUIRE_FALSE(second.is_done);
    run(first.tx->commit());
    wait_until("the second is written", [&] { return second.is_done; });
    run(second.tx->commit());
    CHECK(waiting() == "e_1 e_2 e_3");
}

TEST_CASE_METHOD(UpkeepFixture, "environments do not wait for each other") {
    Write first, second;
    begin(first, insert_environment, "e_3");
    begin(second, insert_environment, "e_4");
    wait_until("both are written", [&] { return first.is_done && second.is_done; });
}

TEST_CASE_METHOD(UpkeepFixture, "an environment that cannot be published is tried again, later and later") {
    const bool is_refused = GENERATE(true, false);
    CAPTURE(is_refused);
    (is_refused ? publisher.refused : publisher.failing) = "e_1";
    add_key();
    CHECK(publish() == 2);
    CHECK(waiting() == "e_1");  // e_2, behind it, is done
    CHECK(upkeep.failures.value() == 1);
    CHECK(sql("SELECT failures FROM relay_key_upkeep") == "1");

    const std::pair<int, const char*> pauses[] = {{10, "between 900 and 1024"}, {500, "between 3500 and 3600"}};
    for (const auto& [failures, seconds] : pauses) {
        sql("UPDATE relay_key_upkeep SET due_at = now(), failures = " + std::to_string(failures));
        CHECK(publish() == 1);
        CHECK(sql("SELECT extract(epoch FROM due_at - now()) " + std::string(seconds) + " FROM relay_key_upkeep") ==
              "t");
        CHECK(publish() == 0);
    }
    CHECK(upkeep.failures.value() == 3);
    CHECK(publisher.calls == 4);

    sql("UPDATE api_keys SET revoked_at = now()");  // due again
    publisher.refused.clear();
    publisher.failing.clear();
    CHECK(publish() == 2);
    CHECK(waiting().empty());
}

TEST_CASE_METHOD(UpkeepFixture, "an environment that is noted again while its publication fails is due at once") {
    (GENERATE(true, false) ? publisher.refused : publisher.failing) = "e_1";
    add_key();
    sql("DELETE FROM relay_key_upkeep WHERE env_id = 'e_2'");
    publisher.on_call = [this] { sql("UPDATE relay_key_upkeep SET noted = noted + 1, due_at = now()"); };
    CHECK(publish() == 1);
    CHECK(publish() == 1);
    publisher.on_call = nullptr;
    sql("UPDATE relay_key_upkeep SET failures = 12");
    CHECK(publish() == 1);
    CHECK(publish() == 0);
}

TEST_CASE_METHOD(UpkeepFixture, "a full round says that there may be more") {
    for (int i = 0; i < cp::keys::most_upkeep_at_once; ++i) add_environment("e_more" + std::to_string(i));
    add_key();
    CHECK(publish() == cp::keys::most_upkeep_at_once);
    CHECK(publish() == 2);
    CHECK(waiting().empty());
}
