#include "control-plane/app/sinks.hpp"

#include <utility>

#include "common/base/file.hpp"
#include "common/json/limits.hpp"
#include "control-plane/sinks/file_sink.hpp"
#include "control-plane/sinks/kafka_sink.hpp"

namespace fanion::cp::app {
namespace {

Error of_option(const char* option, Error error) {
    error.detail = std::string(option) + ": " + error.detail;
    return error;
}

Result<std::unique_ptr<sinks::EventSink>> open_kafka(const Config& config) {
    sinks::KafkaConfig kafka{config.sink_kafka, config.sink_kafka_topic, {}};
    if (!config.sink_kafka_settings.empty()) {
        const auto text = read_regular_file(config.sink_kafka_settings.string(), limits::context_bytes);
        if (!text) return of_option("--sink-kafka-settings", text.error());
        auto settings = sinks::parse_settings(*text);
        if (!settings) return of_option("--sink-kafka-settings", settings.error());
        kafka.settings = std::move(*settings);
    }
    auto sink = sinks::make_kafka_sink(std::move(kafka));
    if (!sink) return of_option("--sink-kafka", sink.error());
    return sink;
}

}  // namespace

std::vector<std::string> sink_names(const Config& config) {
    std::vector<std::string> names;
    if (!config.sink_files.empty()) names.push_back(sinks::file_sink_name);
    if (!config.sink_kafka.empty()) names.push_back(sinks::kafka_sink_name);
    return names;
}

Result<sinks::EventSinks> open_sinks(const Config& config) {
    sinks::EventSinks opened;
    if (!config.sink_files.empty()) {
        auto files = sinks::FileSink::open(config.sink_files);
        if (!files) return of_option("--sink-files", files.error());
        opened.push_back(std::move(*files));
    }
    if (!config.sink_kafka.empty()) {
        auto kafka = open_kafka(config);
        if (!kafka) return kafka.error();
        opened.push_back(std::move(*kafka));
    }
    return opened;
}

}  // namespace fanion::cp::app
