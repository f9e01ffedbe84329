// Lines to Kafka: against librdkafka's own cluster, which speaks the protocol inside this process, or against the real
// brokers that FANION_TEST_KAFKA names (tests/integration/control-plane/sinks/with_kafka starts one).

#include <librdkafka/rdkafka.h>
#include <librdkafka/rdkafka_mock.h>

#include <array>
#include <catch2/catch.hpp>
#include <cstdlib>
#include <map>
#include <memory>
#include <vector>

#include "common/base/ids.hpp"
#include "control-plane/sinks/kafka_sink.hpp"
#include "tests/support/catch_result.hpp"
#include "tests/support/eventually.hpp"

using namespace fanion;
using namespace fanion::cp::sinks;
using cp::access::EnvironmentId;
using cp::access::OrgId;

namespace {

using Handle = std::unique_ptr<rd_kafka_t, decltype(&rd_kafka_destroy)>;

Handle make_handle(rd_kafka_type_t type, const Settings& settings) {
    auto* conf = rd_kafka_conf_new();
    for (const auto& [name, value] : settings)
        REQUIRE(rd_kafka_conf_set(conf, name.c_str(), value.c_str(), nullptr, 0) == RD_KAFKA_CONF_OK);
    std::array<char, 512> reason{};
    Handle handle(rd_kafka_new(type, conf, reason.data(), reason.size()), &rd_kafka_destroy);
    INFO(reason.data());
    REQUIRE(handle);
    return handle;
}

class Brokers {
public:
    Brokers() {
        if (const auto* real = std::getenv("FANION_TEST_KAFKA")) {
            names_ = real;
            return;
        }
        owner_ = make_handle(RD_KAFKA_PRODUCER, {{"log_level", "0"}});
        mock_ = rd_kafka_mock_cluster_new(owner_.get(), 1);
        REQUIRE(mock_);
        names_ = rd_kafka_mock_cluster_bootstraps(mock_);
    }
    ~Brokers() {
        if (mock_) rd_kafka_mock_cluster_destroy(mock_);
    }
    Brokers(const Brokers&) = delete;

    const std::string& names() const { return names_; }
    rd_kafka_mock_cluster_t* mock() const { return mock_; }  // null: they are real
    KafkaConfig config(Settings more = {}) const { return {names_, topic, std::move(more)}; }

    // What the topic has: the lines of each key, in order.
    std::map<std::string, std::string> read(std::size_t messages) const {
        const auto consumer = make_handle(
            RD_KAFKA_CONSUMER, {{"bootstrap.servers", names_}, {"group.id", topic}, {"auto.offset.reset", "earliest"}});
        rd_kafka_poll_set_consumer(consumer.get());
        auto* topics = rd_kafka_topic_partition_list_new(1);
        rd_kafka_topic_partition_list_add(topics, topic.c_str(), RD_KAFKA_PARTITION_UA);
        REQUIRE(rd_kafka_subscribe(consumer.get(), topics) == RD_KAFKA_RESP_ERR_NO_ERROR);
        rd_kafka_topic_partition_list_destroy(topics);
        std::map<std::string, std::string> found;
        test::eventually("the messages are there", [&] {
            auto* message = rd_kafka_consumer_poll(consumer.get(), 10);
            if (!message) return messages == 0;
            if (message->err == RD_KAFKA_RESP_ERR_NO_ERROR) {
                found[std::string(static_cast<const char*>(message->key), message->key_len)] +=
                    std::string(static_cast<const char*>(message->payload), message->len) + '\n';
                --messages;
            }
            rd_kafka_message_destroy(message);
            return messages == 0;
        });
        rd_kafka_consumer_close(consumer.get());
        return found;
    }

    const std::string topic = random_id("fanion-test-", 10);

private:
    Handle owner_{nullptr, &rd_kafka_destroy};
    rd_kafka_mock_cluster_t* mock_ = nullptr;
    std::string names_;
};

SinkBatch kafka_batch(std::string id, std::string text) {
    return {OrgId("o_a"), std::move(id), 0, {{EnvironmentId("e_1"), std::move(text)}}, 1};
}

}  // namespace

TEST_CASE("each line is a message, and those of a batch are in order under its id") {
    const Brokers brokers;
    auto sink = make_kafka_sink(brokers.config());
    REQUIRE(sink);
    std::string many;
    for (int i = 0; i < 1'000; ++i) many += "{\"line\":" + std::to_string(i) + "}\n";
    const std::vector first{kafka_batch("eu.1", "{\"a\":1}\n{\"a\":2}\n"), kafka_batch("eu.2", many)};
    const std::vector second{kafka_batch("eu.3", "{}\n")};
    const auto written = (*sink)->write(first);
    REQUIRE(written);
    CHECK(*written == 0);
    REQUIRE((*sink)->write(second));
    const auto found = brokers.read(1'003);
    REQUIRE(found.size() == 3);
    CHECK(found.at("eu.1") == "{\"a\":1}\n{\"a\":2}\n");
    CHECK(found.at("eu.2") == many);
    CHECK(found.at("eu.3") == "{}\n");
}

TEST_CASE("a line that no broker takes is left out, and the others arrive") {
    const Brokers brokers;
    auto sink = make_kafka_sink(brokers.config({{"message.max.bytes", "2000"}}));
    REQUIRE(sink);
    const std::vector batches{kafka_batch("eu.1", "{}\n" + std::string(5'000, 'x') + "\n[]\n")};
    const auto written = (*sink)->write(batches);
    REQUIRE(written);
    CHECK(*written == 1);
    CHECK(brokers.read(2).at("eu.1") == "{}\n[]\n");
}

TEST_CASE("lines that a broker refuses together are sent in parts, and only one that it refuses alone is left out") {
    const Brokers brokers;
    if (!brokers.mock()) return;
    auto sink = make_kafka_sink(brokers.config());
    REQUIRE(sink);
    constexpr int16_t produce = 0;  // RD_KAFKAP_Produce
    const auto too_large = RD_KAFKA_RESP_ERR_MSG_SIZE_TOO_LARGE;
    rd_kafka_mock_push_request_errors(brokers.mock(), produce, 1, too_large);
    const std::vector first{kafka_batch("eu.1", "1\n2\n3\n")};
    const auto all = (*sink)->write(first);
    REQUIRE(all);
    CHECK(*all == 0);
    rd_kafka_mock_push_request_errors(brokers.mock(), produce, 2, too_large, too_large);
    const std::vector second{kafka_batch("eu.2", "1\n2\n3\n")};
    const auto but_one = (*sink)->write(second);
    REQUIRE(but_one);
    CHECK(*but_one == 1);
    const auto found = brokers.read(5);
    CHECK(found.at("eu.1") == "1\n2\n3\n");
    CHECK(found.at("eu.2") == "2\n3\n");
}

TEST_CASE("errors of a broker that pass are not seen, and store no message twice") {
    const Brokers brokers;
    if (!brokers.mock()) return;
    auto sink = make_kafka_sink(brokers.config({{"retry.backoff.ms", "10"}}));
    REQUIRE(sink);
    constexpr int16_t produce = 0;  // RD_KAFKAP_Produce
    rd_kafka_mock_push_request_errors(brokers.mock(), produce, 2, RD_KAFKA_RESP_ERR_NOT_ENOUGH_REPLICAS,
                                      RD_KAFKA_RESP_ERR_REQUEST_TIMED_OUT);
    const std::vector batches{kafka_batch("eu.1", "1\n2\n3\n")};
    REQUIRE((*sink)->write(batches));
    CHECK(brokers.read(3).at("eu.1") == "1\n2\n3\n");
}

TEST_CASE("without a broker a write fails in time, says why, and can be repeated") {
    const Brokers brokers;
    auto config = brokers.config({{"message.timeout.ms", "500"}});
    config.brokers = "127.0.0.1:1";
    auto sink = make_kafka_sink(config);
    REQUIRE(sink);
    const std::vector batches{kafka_batch("eu.1", "1\n")};
    for (int i = 0; i < 2; ++i) {
        const auto written = (*sink)->write(batches);
        REQUIRE(!written);
        CHECK(written.error().code == Errc::unavailable);
        CHECK(written.error().detail.find("Kafka: ") == 0);
    }
}

TEST_CASE("a stop ends the wait for a broker") {
    KafkaConfig config{"127.0.0.1:1", "t", {}};
    auto sink = make_kafka_sink(config);
    REQUIRE(sink);
    (*sink)->stop();
    const std::vector batches{kafka_batch("eu.1", "1\n")};
    CHECK(!(*sink)->write(batches));
}

TEST_CASE("settings that are none are refused at the start, without their values") {
    for (const auto& [name, value] : Settings{{"no.such", "hunter2"}, {"security.protocol", "hunter2"}}) {
        const auto sink = make_kafka_sink({"127.0.0.1:1", "t", {{name, value}}});
        REQUIRE(!sink);
        CHECK(sink.error().detail.find(name) != std::string::npos);
        CHECK(sink.error().detail.find("hunter2") == std::string::npos);
    }
    CHECK(!make_kafka_sink({"127.0.0.1:1", std::string(600, 't'), {}}));
    CHECK(!make_kafka_sink({"127.0.0.1:1", "t", {{"acks", "1"}}}));  // an idempotent producer waits for all
    CHECK(make_kafka_sink({"127.0.0.1:1", "t", {{"enable.idempotence", "false"}}}));  // it is all the same
}
