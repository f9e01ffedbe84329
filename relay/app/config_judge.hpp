#pragma once

// Turns option text into values and collects what is wrong. Private to relay/app's configuration.

#include <chrono>
#include <string>
#include <vector>

#include "common/base/text.hpp"
#include "relay/app/config.hpp"

namespace fanion::relay {

class ConfigJudge {
public:
    explicit ConfigJudge(std::vector<std::string>& errors) : errors_(errors) {}

    void fail(const std::string& option, const std::string& what) { errors_.push_back("--" + option + ": " + what); }
    void fail(std::string what) { errors_.push_back(std::move(what)); }

    template <class T>
    void number(const std::string& text, const char* option, std::uint64_t low, std::uint64_t high, T& out) {
        if (text.empty()) return;
        const auto value = parse_u64(text);
        if (!value || *value < low || *value > high) {
            return fail(option,
                        "'" + text + "' is not a number from " + std::to_string(low) + " to " + std::to_string(high));
        }
        out = static_cast<T>(*value);
    }
    void duration(const std::string& text, const char* option, std::uint64_t low, std::chrono::milliseconds& out) {
        constexpr std::uint64_t week = 7ull * 24 * 3'600 * 1'000;
        std::int64_t value = out.count();
        number(text, option, low, week, value);
        out = std::chrono::milliseconds(value);
    }
    void rate(const std::string& text, const char* option, Rate& out) {
        std::uint64_t per_second = 0;
        if (text.empty()) return;
        number(text, option, 0, 100'000'000, per_second);
        out = {static_cast<double>(per_second), static_cast<double>(2 * per_second)};
    }
    void endpoint(const std::string& text, const char* option, Endpoint& out) {
        if (text.empty()) return;
        if (auto value = parse_endpoint(text)) {
            out = std::move(*value);
        } else {
            fail(option, "'" + text + "' is not ADDRESS:PORT");
        }
    }
    void level(const std::string& text, LogLevel& out) {
        constexpr std::string_view names[] = {"debug", "info", "warn", "error"};
        for (std::size_t i = 0; i < std::size(names); ++i) {
            if (text == names[i]) out = static_cast<LogLevel>(i);
            if (text.empty() || text == names[i]) return;
        }
        fail("log-level", "'" + text + "' is none of debug, info, warn, error");
    }

private:
    std::vector<std::string>& errors_;
};

}  // namespace fanion::relay
