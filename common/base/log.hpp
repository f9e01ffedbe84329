#pragma once

// JSON lines on one file descriptor: {"ts":..,"level":..,"event":"stream_opened",fields..}. Events
// are constant names. Never logs secrets or evaluation contexts. Thread-safe; a line is one
// write(2). Copies share the threshold.

#include <atomic>
#include <cstdint>
#include <initializer_list>
#include <memory>
#include <string>
#include <string_view>
#include <variant>

namespace fanion {

enum class LogLevel { debug, info, warn, error };

struct LogField {  // one without a name is left out
    using Value = std::variant<std::string_view, std::int64_t, std::uint64_t, double, bool>;
    std::string_view name;
    Value value;

    LogField(std::string_view n, std::string_view v) : name(n), value(v) {}
    LogField(std::string_view n, const char* v) : name(n), value(std::string_view(v)) {}
    LogField(std::string_view n, const std::string& v) : name(n), value(std::string_view(v)) {}
    LogField(std::string_view n, bool v) : name(n), value(v) {}
    LogField(std::string_view n, double v) : name(n), value(v) {}
    LogField(std::string_view n, int v) : name(n), value(std::int64_t{v}) {}
    LogField(std::string_view n, unsigned v) : name(n), value(std::uint64_t{v}) {}
    LogField(std::string_view n, long v) : name(n), value(std::int64_t{v}) {}
    LogField(std::string_view n, long long v) : name(n), value(std::int64_t{v}) {}
    LogField(std::string_view n, unsigned long v) : name(n), value(std::uint64_t{v}) {}
    LogField(std::string_view n, unsigned long long v) : name(n), value(std::uint64_t{v}) {}
};

class Log {
public:
    using Fields = std::initializer_list<LogField>;

    explicit Log(int fd = 2, LogLevel threshold = LogLevel::info)
        : fd_(fd), threshold_(std::make_shared<std::atomic<LogLevel>>(threshold)) {}

    // Takes effect for all copies at once.
    void set_threshold(LogLevel threshold) const { threshold_->store(threshold, std::memory_order_relaxed); }

    void debug(std::string_view event, Fields fields = {}) const { write(LogLevel::debug, event, fields); }
    void info(std::string_view event, Fields fields = {}) const { write(LogLevel::info, event, fields); }
    void warn(std::string_view event, Fields fields = {}) const { write(LogLevel::warn, event, fields); }
    void error(std::string_view event, Fields fields = {}) const { write(LogLevel::error, event, fields); }

private:
    void write(LogLevel level, std::string_view event, Fields fields) const;

    int fd_;
    std::shared_ptr<std::atomic<LogLevel>> threshold_;  // shared so that a change applies to all copies
};

}  // namespace fanion
