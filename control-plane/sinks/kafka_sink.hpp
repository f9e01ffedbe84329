#pragma once

// Lines as messages of a Kafka topic, whose key is the id of their batch: what belongs together is
// in one partition and in order. The producer is idempotent: what it sends again after an error of
// the network is stored once. After a failure a new one takes its place, and batches are repeated.
// Lines that a broker refuses together, as too large, are sent again in parts: only a line that it
// refuses alone is left out.
// In a program that was built without librdkafka, make() is an error.
//
// One thread. Blocks.

#include <chrono>
#include <memory>
#include <string>

#include "control-plane/sinks/settings.hpp"
#include "control-plane/sinks/sink.hpp"

namespace fanion::cp::sinks {

struct KafkaConfig {
    std::string brokers;  // HOST:PORT, separated by commas
    std::string topic;
    Settings settings;  // of librdkafka; what is said here or by the sink itself comes before them
};

// Within this time every message has arrived or failed, unless the settings have another
// `message.timeout.ms`.
inline constexpr std::chrono::milliseconds kafka_message_time{20'000};

inline const std::string kafka_sink_name = "kafka";

// Does not connect. Errors: invalid_input, a setting that librdkafka does not know or take; its
// value, which may be a secret, is not named. unavailable: built without Kafka.
Result<std::unique_ptr<EventSink>> make_kafka_sink(KafkaConfig config);

}  // namespace fanion::cp::sinks
