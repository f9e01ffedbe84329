#pragma once

// What becomes of a batch of spans after an attempt to send it: pure state of one exporter
// (https://opentelemetry.io/docs/specs/otlp/#otlphttp-response). One thread.

#include <chrono>
#include <cstdint>
#include <optional>

namespace fanion::telemetry {

// The receiver's answer. Status 0: there was none.
struct ExportAnswer {
    unsigned status = 0;
    std::optional<std::chrono::seconds> retry_after = {};
};

class ExportPlan {
public:
    using Millis = std::chrono::milliseconds;
    enum class Outcome : std::uint8_t {
        accepted,  // whole or in part
        rejected,  // sending it again would not help
        retry,     // after `wait`
        given_up,  // too many attempts
    };
    struct Verdict {
        Outcome outcome;
        Millis wait{0};
    };

    static constexpr unsigned most_attempts = 5;  // of one batch
    static constexpr Millis first_wait{1'000};
    static constexpr Millis longest_wait{30'000};

    // `random` in [0, 1) spreads the waits. While nothing answers, later batches get one attempt
    // each, after the longest wait.
    Verdict judge(const ExportAnswer& answer, double random);

    // Whether the last attempt of a batch succeeded, or none was made: a change is worth a line in
    // the log.
    bool is_well() const noexcept { return is_well_; }

private:
    Verdict retry(const ExportAnswer& answer, double random);

    unsigned attempts_ = 0;  // of the batch in hand
    bool is_well_ = true;
    bool gave_up_ = false;  // the last batch, and nothing has been accepted since
};

}  // namespace fanion::telemetry
