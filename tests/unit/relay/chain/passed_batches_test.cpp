#include "relay/chain/passed_batches.hpp"

#include "tests/support/catch_result.hpp"
#include "tests/support/temporary_directory.hpp"

using namespace fanion;
using namespace fanion::test;
using relay::chain::PassedBatch;
using relay::chain::PassedBatches;
using relay::chain::Stored;
using relay::spool::Content;

namespace {

struct Place {
    TemporaryDirectory directory;
    Log log{-1};
    std::unique_ptr<PassedBatches> open(std::uint64_t bytes = 1024 * 1024) {
        return std::make_unique<PassedBatches>(
            relay::spool::SpoolConfig{.directory = directory.path() + "/below", .disk_bytes = bytes}, "top.boot.", log);
    }
};

PassedBatch batch(const std::string& id, std::size_t bytes = 10) {
    return {id, Content{3, 0, 0}, std::string(bytes, 'x')};
}

}  // namespace

TEST_CASE("a batch is kept as it came, under its own id, and once") {
    Place place;
    auto batches = place.open();
    CHECK(batches->store(batch("bottom.b.1")) == Stored::now);
    CHECK(batches->store(batch("bottom.b.1")) == Stored::earlier);
    CHECK(batches->status().queued == Content{3, 0, 0});
    batches.reset();
    batches = place.open();  // another process
    CHECK(batches->store(batch("bottom.b.1")) == Stored::earlier);
    const auto head = batches->spool().spool.front();
    REQUIRE(head);
    CHECK(head->id == "bottom.b.1");
    CHECK(head->body == std::string(10, 'x'));
}

TEST_CASE("accepted is delivered, dropped and queued") {
    Place place;
    auto batches = place.open();
    for (const auto* id : {"a.b.1", "a.b.2", "a.b.3"}) REQUIRE(batches->store(batch(id)) == Stored::now);
    auto& shared = batches->spool();
    using Outcome = relay::spool::Spool::Outcome;
    for (const auto outcome : {Outcome::delivered, Outcome::rejected}) {
        REQUIRE(shared.spool.front());
        shared.spool.settle(outcome);
        shared.on_settled();
    }
    const auto status = batches->status();
    CHECK(status.delivered == Content{3, 0, 0});
    CHECK(status.dropped == Content{3, 0, 0});
    CHECK(status.queued == Content{3, 0, 0});
    CHECK(batches->store(batch("a.b.1")) == Stored::earlier);  // settled, and remembered
}

TEST_CASE("a full spool refuses and drops nothing") {
    Place place;
    auto batches = place.open(4096);
    CHECK(batches->store(batch("a.b.1", 3000)) == Stored::now);
    CHECK(batches->store(batch("a.b.2", 3000)) == Stored::unavailable);
    CHECK(batches->status().queued == Content{3, 0, 0});
    CHECK(batches->status().dropped == Content{});
}

TEST_CASE("a relay below must not use this relay's ids") {
    Place place;
    const auto batches = place.open();
    CHECK_FALSE(batches->may_have("top.boot.7"));
    CHECK(batches->may_have("top.other.7"));
}
