// In the place of kafka_sink.cpp where the program is built without librdkafka (FANION_KAFKA=OFF).

#include "control-plane/sinks/kafka_sink.hpp"

namespace fanion::cp::sinks {

Result<std::unique_ptr<EventSink>> make_kafka_sink(KafkaConfig) {
    return Error{Errc::unavailable, "--sink-kafka: this program was built without Kafka"};
}

}  // namespace fanion::cp::sinks
