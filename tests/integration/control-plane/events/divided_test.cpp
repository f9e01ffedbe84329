// Batches that arrive whole and in parts, on a real PostgreSQL.

#include <boost/asio/co_spawn.hpp>
#include <future>
#include <string>
#include <vector>

#include "relay/forward/parts.hpp"
#include "tests/integration/control-plane/events/ingest_fixture.hpp"
#include "tests/support/eventually.hpp"

using namespace fanion;
using namespace fanion::test;
using relay::forward::part_of;

namespace {

class DividedFixture : public IngestFixture {
public:
    unsigned send(const wire::EventBatch& batch) { return post(key_a, to_json(batch)).status; }
    bool is_duplicate(const wire::EventBatch& batch) {
        return post(key_a, to_json(batch)).body.find(R"("duplicate":true)") != std::string::npos;
    }

    // Eight evaluations, in four rows.
    const wire::EventBatch whole = batch_of("eu-1a.b.10", {count("e_1", "f1", "on", 1), count("e_1", "f2", "on", 2),
                                                           count("e_1", "f3", "on", 2), count("e_1", "f4", "on", 3)});
};

}  // namespace

TEST_CASE_METHOD(DividedFixture, "a part of what is stored is a duplicate") {
    REQUIRE(send(whole) == 200);
    for (const char* part : {"0", "01", "1"}) CHECK(is_duplicate(part_of(whole, part)));
    CHECK(total() == "8");
    REQUIRE(send(batch_of("eu-1a.b.1", {count("e_1", "f1", "on", 1)})) == 200);  // no part, whatever its id looks like
    CHECK(total() == "9");
}

TEST_CASE_METHOD(DividedFixture, "a batch of which a part is stored is to come in parts, until each is stored once") {
    REQUIRE(send(part_of(whole, "00")) == 200);
    CHECK(send(whole) == 413);
    CHECK(send(part_of(whole, "0")) == 413);
    CHECK(is_duplicate(part_of(whole, "00")));
    CHECK(send(part_of(whole, "01")) == 200);
    CHECK_FALSE(is_duplicate(part_of(whole, "1")));
    CHECK(total() == "8");
    CHECK(send(whole) == 413);
    CHECK(is_duplicate(part_of(whole, "1")));
    CHECK(is_duplicate(part_of(whole, "11")));
    CHECK(total() == "8");
    CHECK(counters.divided.value() == 3);
    CHECK(sql("SELECT string_agg(batch_id || CASE WHEN divided THEN ' divided' ELSE '' END, ',' ORDER BY batch_id "
              "COLLATE \"C\") FROM event_batches") ==
          "eu-1a.b.10 divided,eu-1a.b.10.0 divided,eu-1a.b.10.00,eu-1a.b.10.01,eu-1a.b.10.1,eu-1a.b.10.11");
}

TEST_CASE_METHOD(DividedFixture, "a whole and its parts that come together count once") {
    std::vector<std::future<net::Response>> answers;
    for (const char* part : {"1", "00", "", "01"}) {
        auto answer = std::make_shared<std::promise<net::Response>>();
        answers.push_back(answer->get_future());
        boost::asio::co_spawn(context, post_later(key_a, to_json(part_of(whole, part))),
                              [answer](const std::exception_ptr& thrown, net::Response response) {
                                  if (thrown) answer->set_exception(thrown);
                                  if (!thrown) answer->set_value(std::move(response));
                              });
    }
    for (auto& answer : answers) {
        eventually("a batch is answered", [&] {
            context.restart();
            context.poll();
            return answer.wait_for(std::chrono::seconds(0)) == std::future_status::ready;
        });
    }
    for (const char* part : {"0", "1"}) {
        if (send(part_of(whole, part)) != 413) continue;
        for (const char* half : {"0", "1"}) CHECK(send(part_of(whole, std::string(part) + half)) == 200);
    }
    CHECK(total() == "8");
}

TEST_CASE_METHOD(DividedFixture, "organisations do not divide each other's batches") {
    REQUIRE(send(part_of(whole, "0")) == 200);
    const auto other = batch_of(whole.batch, {count("e_9", "f", "on", 1)});
    CHECK(post(key_b, to_json(other)).status == 200);
}
