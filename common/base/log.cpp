#include "common/base/log.hpp"

#include <unistd.h>

#include <charconv>
#include <cmath>
#include <type_traits>

#include "common/base/clock.hpp"
#include "common/base/text.hpp"

namespace fanion {
namespace {

std::string_view name_of(LogLevel level) {
    switch (level) {
        case LogLevel::debug:
            return "debug";
        case LogLevel::info:
            return "info";
        case LogLevel::warn:
            return "warn";
        case LogLevel::error:
            break;
    }
    return "error";
}

void append_value(std::string& line, const LogField::Value& value) {
    std::visit(
        [&line](auto v) {
            using T = decltype(v);
            if constexpr (std::is_same_v<T, std::string_view>) {
                append_json_string(line, v);
            } else if constexpr (std::is_same_v<T, bool>) {
                line += v ? "true" : "false";
            } else {
                if constexpr (std::is_same_v<T, double>) {
                    if (!std::isfinite(v)) {
                        line += "null";
                        return;
                    }
                }
                char digits[32];
                const auto end = std::to_chars(digits, digits + sizeof digits, v).ptr;
                line.append(digits, end);
            }
        },
        value);
}

}  // namespace

void Log::write(LogLevel level, std::string_view event, Fields fields) const {
    if (level < threshold_->load(std::memory_order_relaxed)) return;
    std::string line = R"({"ts":")" + format_rfc3339(SystemClock().now()) + R"(","level":")";
    line += name_of(level);
    line += R"(","event":)";
    append_json_string(line, event);
    for (const auto& field : fields) {
        if (field.name.empty()) continue;
        line += ',';
        append_json_string(line, field.name);
        line += ':';
        append_value(line, field.value);
    }
    line += "}\n";
    // There is nowhere to report that the log cannot be written.
    [[maybe_unused]] const auto written = ::write(fd_, line.data(), line.size());
}

}  // namespace fanion
