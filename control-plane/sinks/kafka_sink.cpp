#include "control-plane/sinks/kafka_sink.hpp"

#include <librdkafka/rdkafka.h>

#include <array>
#include <atomic>
#include <iterator>
#include <mutex>
#include <optional>
#include <utility>

namespace fanion::cp::sinks {
namespace {

constexpr int poll_ms = 100;

struct ConfDeleter {
    void operator()(rd_kafka_conf_t* conf) const noexcept { rd_kafka_conf_destroy(conf); }
};
using Conf = std::unique_ptr<rd_kafka_conf_t, ConfDeleter>;

struct ProducerDeleter {
    void operator()(rd_kafka_t* producer) const noexcept { rd_kafka_destroy(producer); }
};
using Producer = std::unique_ptr<rd_kafka_t, ProducerDeleter>;

struct TopicDeleter {
    void operator()(rd_kafka_topic_t* topic) const noexcept { rd_kafka_topic_destroy(topic); }
};
using Topic = std::unique_ptr<rd_kafka_topic_t, TopicDeleter>;

std::string text_of(rd_kafka_resp_err_t error) { return rd_kafka_err2str(error); }

struct Message {
    std::string key;
    std::string line;
};
using Messages = std::vector<Message>;

std::string text_of(const void* bytes, std::size_t length) {
    return bytes ? std::string(static_cast<const char*>(bytes), length) : std::string();
}

// What became of the messages of one write.
struct Reports {
    std::size_t open = 0;
    std::uint64_t left_out = 0;
    Messages refused;                    // by a broker, alone or with those that came with them
    std::optional<std::string> failure;  // the first one
};

// What librdkafka last said of the brokers. Thread-safe: its threads tell it.
class Trouble {
public:
    void set(const char* text) {
        const std::lock_guard lock(mutex_);
        text_ = text;
    }
    std::string take() {
        const std::lock_guard lock(mutex_);
        return std::exchange(text_, {});
    }

private:
    std::mutex mutex_;
    std::string text_;
};

// What librdkafka's callbacks know of their sink.
struct Callbacks {
    Reports reports;
    Trouble trouble;
};

// Called in rd_kafka_poll(), on the sink's thread.
void on_report(rd_kafka_t*, const rd_kafka_message_t* message, void* opaque) {
    auto& reports = static_cast<Callbacks*>(opaque)->reports;
    --reports.open;
    if (message->err == RD_KAFKA_RESP_ERR_NO_ERROR) return;
    if (message->err == RD_KAFKA_RESP_ERR_MSG_SIZE_TOO_LARGE) {
        reports.refused.push_back({text_of(message->key, message->key_len), text_of(message->payload, message->len)});
    } else if (!reports.failure) {
        reports.failure = text_of(message->err);
    }
}

// In the place of librdkafka's log on standard error. There is no callback for errors, whose queue would grow while
// nothing is written; without one they come here.
void on_log(const rd_kafka_t* producer, int, const char*, const char* text) {
    auto* callbacks = producer ? static_cast<Callbacks*>(rd_kafka_opaque(producer)) : nullptr;
    if (callbacks) callbacks->trouble.set(text);
}

bool set(rd_kafka_conf_t* conf, const std::string& name, const std::string& value) {
    return rd_kafka_conf_set(conf, name.c_str(), value.c_str(), nullptr, 0) == RD_KAFKA_CONF_OK;
}

Result<Conf> conf_of(const KafkaConfig& config) {
    Conf conf(rd_kafka_conf_new());
    const Settings defaults{{"client.id", "fanion"},
                            {"message.timeout.ms", std::to_string(kafka_message_time.count())}};
    const Settings forced{{"bootstrap.servers", config.brokers}, {"enable.idempotence", "true"}};
    for (const auto* settings : {&defaults, &config.settings, &forced}) {
        for (const auto& [name, value] : *settings) {
            if (!set(conf.get(), name, value))
                return Error{Errc::invalid_input, "librdkafka has no setting '" + name + "', or not this value of it"};
        }
    }
    rd_kafka_conf_set_dr_msg_cb(conf.get(), on_report);
    rd_kafka_conf_set_log_cb(conf.get(), on_log);
    return conf;
}

class KafkaSink : public EventSink {
public:
    explicit KafkaSink(KafkaConfig config) : config_(std::move(config)) {}
    ~KafkaSink() override = default;

    const std::string& name() const noexcept override { return kafka_sink_name; }
    void stop() noexcept override { is_stopping_ = true; }

    Result<std::uint64_t> write(const std::vector<SinkBatch>& batches) override {
        if (auto opened = open(); !opened) return opened.error();
        auto& reports = callbacks_.reports;
        reports = Reports{};
        for (const auto& batch : batches) {
            for (const auto& lines : batch.environments) {
                if (auto sent = send(batch.batch_id, lines.text); !sent) return fail(sent.error());
            }
        }
        if (auto arrived = wait(); !arrived) return fail(arrived.error());
        if (auto sent = send_refused(std::exchange(reports.refused, {})); !sent) return fail(sent.error());
        return reports.left_out;
    }

    Result<> open() {
        if (producer_) return {};
        auto conf = conf_of(config_);
        if (!conf) return conf.error();
        rd_kafka_conf_set_opaque(conf->get(), &callbacks_);
        std::array<char, 512> reason{};
        producer_.reset(rd_kafka_new(RD_KAFKA_PRODUCER, conf->get(), reason.data(), reason.size()));
        if (!producer_) return Error{Errc::invalid_input, std::string("Kafka: ") + reason.data()};
        static_cast<void>(conf->release());  // the producer has taken it over
        topic_.reset(rd_kafka_topic_new(producer_.get(), config_.topic.c_str(), nullptr));
        if (topic_) return {};
        producer_.reset();
        return Error{Errc::invalid_input, "Kafka: '" + config_.topic + "' cannot be a topic"};
    }

private:
    Result<> send(std::string_view key, std::string_view text) {
        while (!text.empty()) {
            const auto end = text.find('\n');
            if (auto sent = send_line(key, text.substr(0, end)); !sent) return sent;
            text.remove_prefix(end + 1);
        }
        return {};
    }

    Result<> send_line(std::string_view key, std::string_view line) {
        auto& reports = callbacks_.reports;
        for (;;) {
            const int produced =
                rd_kafka_produce(topic_.get(), RD_KAFKA_PARTITION_UA, RD_KAFKA_MSG_F_COPY,
                                 const_cast<char*>(line.data()), line.size(), key.data(), key.size(), nullptr);
            const auto error = produced == 0 ? RD_KAFKA_RESP_ERR_NO_ERROR : rd_kafka_last_error();
            if (error == RD_KAFKA_RESP_ERR__QUEUE_FULL && !is_stopping_ && !reports.failure) {
                rd_kafka_poll(producer_.get(), poll_ms);  // messages arrive or fail
                continue;
            }
            if (error == RD_KAFKA_RESP_ERR_MSG_SIZE_TOO_LARGE) {
                ++reports.left_out;
            } else if (error != RD_KAFKA_RESP_ERR_NO_ERROR) {
                return Error{Errc::unavailable, reports.failure.value_or(text_of(error))};
            } else {
                ++reports.open;
            }
            return {};
        }
    }

    // Until all have arrived, or were refused.
    Result<> wait() {
        const auto& reports = callbacks_.reports;
        while (reports.open > 0 && !reports.failure && !is_stopping_) rd_kafka_poll(producer_.get(), poll_ms);
        if (reports.failure) return Error{Errc::unavailable, *reports.failure, {}};
        if (reports.open > 0) return Error{Errc::unavailable, "the program ends", {}};
        return {};
    }

    // A broker judges what was sent together, not each message: halves tell which one it does not take, if it is one.
    Result<> send_refused(Messages refused) {
        auto& reports = callbacks_.reports;
        std::vector<Messages> parts;  // the next one last
        const auto divide = [&](Messages part) {
            if (part.size() < 2) {
                reports.left_out += part.size();
                return;
            }
            const auto middle = part.begin() + static_cast<std::ptrdiff_t>(part.size() / 2);
            parts.emplace_back(std::move_iterator(middle), std::move_iterator(part.end()));
            part.erase(middle, part.end());
            parts.push_back(std::move(part));
        };
        divide(std::move(refused));
        while (!parts.empty()) {
            const auto part = std::move(parts.back());
            parts.pop_back();
            for (const auto& message : part) {
                if (auto sent = send_line(message.key, message.line); !sent) return sent;
            }
            if (auto arrived = wait(); !arrived) return arrived;
            divide(std::exchange(reports.refused, {}));
        }
        return {};
    }

    // What the producer still holds is forgotten with it, so that nothing of it comes behind what is written next.
    Error fail(Error error) {
        topic_.reset();
        producer_.reset();
        error.detail = "Kafka: " + error.detail;
        const auto trouble = callbacks_.trouble.take();
        if (!trouble.empty()) error.detail += " (" + trouble + ')';
        return error;
    }

    KafkaConfig config_;
    Callbacks callbacks_;  // outlive the producer, which refers to them
    Producer producer_;
    Topic topic_;  // of the producer
    std::atomic<bool> is_stopping_{false};
};

}  // namespace

Result<std::unique_ptr<EventSink>> make_kafka_sink(KafkaConfig config) {
    auto sink = std::make_unique<KafkaSink>(std::move(config));
    if (auto opened = sink->open(); !opened) return opened.error();
    return std::unique_ptr<EventSink>(std::move(sink));
}

}  // namespace fanion::cp::sinks
