// Batches that are written together, on a real PostgreSQL.

#include <algorithm>
#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/co_spawn.hpp>
#include <memory>
#include <optional>

#include "tests/integration/control-plane/events/ingest_fixture.hpp"
#include "tests/support/catch_result.hpp"
#include "tests/support/eventually.hpp"

using namespace fanion;
using namespace fanion::test;
using cp::access::EnvironmentId;
using cp::access::OrgId;
using cp::events::BatchWriter;
using cp::events::Receipt;

namespace {

cp::events::Arrival arrival_of(std::string id, std::vector<std::string> flags, const std::string& env = "e_1") {
    cp::events::Arrival arrival;
    arrival.batch_id = std::move(id);
    arrival.relay = "eu-1a";
    for (auto& flag : flags)
        arrival.rows.push_back({EnvironmentId(env), std::move(flag), "on", 1, "SPLIT", "", noon, 1});
    arrival.evaluations = arrival.rows.size();
    arrival.bytes = 1000;
    return arrival;
}

class GroupFixture : public IngestFixture {
public:
    struct Outcome {
        std::optional<Result<Receipt>> known;
        bool is_thrown = false;
        bool has_ended() const { return known || is_thrown; }
        bool is_stored() const { return known && *known && known->value() == Receipt::stored; }
        bool is_duplicate() const { return known && *known && known->value() == Receipt::duplicate; }
        bool is_refused() const { return known && !*known && known->error().code == Errc::unavailable; }
    };
    // Posts at once; the outcomes come when the loop runs.
    void begin(BatchWriter& by, cp::events::Arrival arrival, const std::string& org = "o_a") {
        auto outcome = std::make_shared<Outcome>();
        outcomes.push_back(outcome);
        boost::asio::co_spawn(context, by.store(OrgId(org), std::move(arrival)),
                              [outcome](const std::exception_ptr& thrown, Result<Receipt> known) {
                                  outcome->is_thrown = thrown != nullptr;
                                  if (!thrown) outcome->known = std::move(known);
                              });
    }
    void finish() {
        eventually("all batches are answered", [this] {
            context.restart();
            context.poll();
            return std::all_of(outcomes.begin(), outcomes.end(), [](const auto& one) { return one->has_ended(); }) &&
                   tasks.size() == 0;
        });
    }
    template <class Is>
    auto number_of(Is is) {
        return std::count_if(outcomes.begin(), outcomes.end(), [&](const auto& one) { return ((*one).*is)(); });
    }
    std::string transactions() { return sql("SELECT count(DISTINCT xmin::text) FROM event_batches"); }

    std::vector<std::shared_ptr<Outcome>> outcomes;
};

}  // namespace

TEST_CASE_METHOD(GroupFixture, "batches that come together share a transaction, those of one organisation") {
    for (int i = 0; i < 50; ++i) {
        begin(writer, arrival_of("a." + std::to_string(i), {"f", "g"}));
        begin(writer, arrival_of("b." + std::to_string(i), {"f"}, "e_9"), "o_b");
    }
    finish();
    CHECK(number_of(&Outcome::is_stored) == 100);
    CHECK(transactions() == "2");
    CHECK(sql("SELECT string_agg(org_id || flag || n, ' ' ORDER BY org_id, flag) FROM evaluation_counts") ==
          "o_af50 o_ag50 o_bf50");
    CHECK(sql("SELECT string_agg(org_id || events, ' ' ORDER BY org_id) FROM event_days") == "o_a100 o_b50");
}

TEST_CASE_METHOD(GroupFixture, "many rows are several transactions, and a large batch is one") {
    std::vector<std::string> flags;
    for (std::size_t i = 0; i < BatchWriter::rows_at_once + 1; ++i) flags.push_back("f" + std::to_string(i));
    begin(writer, arrival_of("large", flags));
    begin(writer, arrival_of("small.1", {"f1"}));
    begin(writer, arrival_of("small.2", {"f1"}));
    finish();
    CHECK(number_of(&Outcome::is_stored) == 3);
    CHECK(transactions() == "2");
    CHECK(sql("SELECT n FROM evaluation_counts WHERE flag = 'f1'") == "3");
}

TEST_CASE_METHOD(GroupFixture, "one id that comes several times at once is stored once") {
    for (int i = 0; i < 5; ++i) begin(writer, arrival_of("same", {"f"}));
    begin(writer, arrival_of("other", {"f"}));
    finish();
    CHECK(number_of(&Outcome::is_stored) == 2);
    CHECK(number_of(&Outcome::is_duplicate) == 4);
    CHECK(total() == "2");
}

TEST_CASE_METHOD(GroupFixture, "a batch that the database refuses fails alone") {
    sql("ALTER TABLE event_batches ADD CHECK (batch_id <> 'bad')");
    for (int i = 0; i < 5; ++i) begin(writer, arrival_of("good." + std::to_string(i), {"f"}));
    begin(writer, arrival_of("bad", {"f"}));
    for (int i = 5; i < 9; ++i) begin(writer, arrival_of("good." + std::to_string(i), {"f"}));
    finish();
    CHECK(number_of(&Outcome::is_stored) == 9);
    CHECK(outcomes[5]->is_thrown);
    CHECK(total() == "9");
    begin(writer, arrival_of("good.10", {"f"}));  // nothing is left over
    finish();
    CHECK(outcomes.back()->is_stored());
}

TEST_CASE_METHOD(GroupFixture, "batches without rows are bounded too") {
    for (std::size_t i = 0; i < BatchWriter::rows_at_once + 1; ++i)
        begin(writer, arrival_of("a." + std::to_string(i), {}));
    finish();
    CHECK(number_of(&Outcome::is_stored) == static_cast<std::ptrdiff_t>(BatchWriter::rows_at_once + 1));
    CHECK(transactions() == "2");
}

TEST_CASE_METHOD(GroupFixture, "the database fails while batches are written one by one: the others come again") {
    sql("CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
        "IF NEW.batch_id = 'bad' THEN RAISE check_violation; END IF; "
        "IF NEW.batch_id = 'full' THEN RAISE disk_full; END IF; RETURN NEW; END $$;"
        "CREATE TRIGGER refuse BEFORE INSERT ON event_batches FOR EACH ROW EXECUTE FUNCTION refuse()");
    for (const char* id : {"good.1", "bad", "full", "good.2", "good.3"}) begin(writer, arrival_of(id, {"f"}));
    finish();
    CHECK(outcomes[0]->is_stored());
    CHECK(outcomes[1]->is_thrown);
    CHECK(number_of(&Outcome::is_refused) == 3);
    CHECK(total() == "1");
    begin(writer, arrival_of("good.2", {"f"}));
    finish();
    CHECK(outcomes.back()->is_stored());
}

TEST_CASE_METHOD(GroupFixture, "what fails for a reason of its own is not sent again, and stops no one") {
    for (int i = 0; i < 3; ++i) begin(writer, arrival_of("a." + std::to_string(i), {"f"}), "not an id");
    finish();
    CHECK(std::all_of(outcomes.begin(), outcomes.end(), [](const auto& one) { return one->is_thrown; }));
    CHECK(tasks.failures() == 0);
    begin(writer, arrival_of("b", {"f"}));
    finish();
    CHECK(outcomes.back()->is_stored());
}

TEST_CASE_METHOD(GroupFixture, "the batch of a caller who goes away is stored, and the others are answered") {
    boost::asio::cancellation_signal leave;
    bool has_left = false;
    boost::asio::co_spawn(context, writer.store(OrgId("o_a"), arrival_of("left", {"f"})),
                          boost::asio::bind_cancellation_slot(
                              leave.slot(), [&has_left](const std::exception_ptr& thrown, const Result<Receipt>&) {
                                  has_left = thrown != nullptr;
                              }));
    begin(writer, arrival_of("stays", {"f"}));
    context.restart();
    context.poll();
    leave.emit(boost::asio::cancellation_type::terminal);
    finish();
    CHECK(has_left);
    CHECK(outcomes[0]->is_stored());
    CHECK(total() == "2");
    begin(writer, arrival_of("left", {"f"}));  // sent again
    finish();
    CHECK(outcomes.back()->is_duplicate());
}

TEST_CASE_METHOD(GroupFixture, "replicas that get the same batches and rows neither deadlock nor count twice") {
    BatchWriter second({pool, blocking, clock, limits, pool, tasks, log, counters});
    for (int round = 0; round < 20; ++round) {
        const auto id = std::to_string(round);
        begin(writer, arrival_of("x." + id, {"a", "b", "c"}));
        begin(writer, arrival_of("y." + id, {"c", "d"}));
        begin(second, arrival_of("y." + id, {"c", "d"}));
        begin(second, arrival_of("x." + id, {"a", "b", "c"}));
        begin(second, arrival_of("z." + id, {"a", "d"}));
        finish();
    }
    CHECK(number_of(&Outcome::is_stored) == 60);
    CHECK(number_of(&Outcome::is_duplicate) == 40);
    CHECK(total() == "140");
}

TEST_CASE_METHOD(GroupFixture, "what waits is bounded, and what was refused can come again") {
    auto large = arrival_of("large", {"f"});
    large.bytes = BatchWriter::most_waiting_bytes;
    begin(writer, large);
    begin(writer, arrival_of("one.more", {"f"}));
    finish();
    CHECK(outcomes[0]->is_stored());
    CHECK(outcomes[1]->is_refused());
    begin(writer, large);
    finish();
    CHECK(outcomes[2]->is_duplicate());
    begin(writer, arrival_of("one.more", {"f"}));
    finish();
    CHECK(outcomes[3]->is_stored());
}

TEST_CASE_METHOD(GroupFixture, "a program that ends answers what waits") {
    begin(writer, arrival_of("a", {"f"}));
    context.restart();
    context.poll();
    tasks.request_stop();
    begin(writer, arrival_of("b", {"f"}));
    finish();
    CHECK(number_of(&Outcome::is_refused) == 2);
    CHECK(total() == "0");
}

TEST_CASE_METHOD(GroupFixture, "without a database all are to be sent again") {
    pool.close();
    for (int i = 0; i < 3; ++i) begin(writer, arrival_of("a." + std::to_string(i), {"f"}));
    finish();
    CHECK(number_of(&Outcome::is_refused) == 3);
}

TEST_CASE_METHOD(GroupFixture, "who evaluated what is written once a minute, and for flags that exist") {
    const auto noted = [this] { return sql("SELECT string_agg(flag, ' ' ORDER BY flag) FROM flag_answers"); };
    const auto create = [this](const std::string& key) {
        sql("INSERT INTO flags (flag_id, org_id, project_id, key, type, salt, variations) VALUES ('f_" + key +
            "', 'o_a', 'p_a', '" + key + "', 'boolean', '', '[]')");
    };
    const auto store = [&](const std::string& id, std::vector<std::string> flags) {
        begin(writer, arrival_of(id, std::move(flags)));
        finish();
        CHECK(outcomes.back()->is_stored());
    };
    create("f");
    store("a", {"f", "g"});
    CHECK(noted() == "f");
    sql("DELETE FROM flag_answers; DELETE FROM flag_callers");
    store("b", {"f"});
    CHECK(noted().empty());  // not again in this minute
    create("g");
    store("c", {"f", "g"});
    CHECK(noted() == "g");
    auto later = arrival_of("d", {"f"});
    later.rows[0].minute += 60'000;
    begin(writer, later);
    finish();
    CHECK(noted() == "f g");
    CHECK(sql("SELECT string_agg(flag, ' ' ORDER BY flag) FROM flag_callers") == "f g");
}

TEST_CASE_METHOD(GroupFixture, "what relays beyond a number deliver and drop is added up under one name") {
    const auto number = std::to_string(cp::events::most_named_relays - 1);
    for (const std::string table : {"relay_deliveries", "relay_drops"})
        sql("INSERT INTO " + table +
            " (org_id, relay_id, kind, n) SELECT 'o_a', 'r' || i, 'counts', 1 "
            "FROM generate_series(1, " +
            number + ") AS i");
    const auto send = [&](const std::string& relay) {
        auto arrival = arrival_of(relay + ".1", {"f"});
        arrival.relay = relay;
        arrival.drops.counts = 5;
        begin(writer, std::move(arrival));
        finish();
    };
    for (const char* relay : {"new", "further", "another", "r1"}) send(relay);
    CHECK(number_of(&Outcome::is_stored) == 4);
    const auto sums = [&](const std::string& table) {
        return sql("SELECT string_agg(relay_id || ' ' || n, ', ' ORDER BY relay_id COLLATE \"C\") FROM " + table +
                   " WHERE relay_id IN ('(other)', 'another', 'further', 'new', 'r1')");
    };
    CHECK(sums("relay_deliveries") == "(other) 2, new 1, r1 2");
    CHECK(sums("relay_drops") == "(other) 10, new 5, r1 6");
}
