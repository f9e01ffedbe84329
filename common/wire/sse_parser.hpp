#pragma once

// Parses server-sent events as defined by the WHATWG HTML standard, section 9.2.6: lines end with
// CR, LF or CRLF; one leading BOM is skipped; comments and unknown fields are ignored; an event
// without data is ignored; an event that is not followed by a blank line is discarded. Incremental:
// the input may be split at any byte. Pure; not thread-safe.
//
// Differences from the standard: lines and events are bounded, and SseEvent::data keeps the LF
// after its last line.

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "common/base/error.hpp"

namespace fanion::wire {

struct SseEvent {
    std::string event;  // the event type; "message" if none was given
    std::string id;     // the last event id; it applies until another one is received
    std::string data;   // each data line followed by LF: exactly the bytes of a signed document (sse_format.hpp)

    // The data as the standard defines it: without the last LF.
    std::string_view text() const noexcept {
        return std::string_view(data).substr(0, data.empty() ? 0 : data.size() - 1);
    }
};

struct SseLimits {
    std::size_t line_bytes = 40u * 1024 * 1024;
    std::size_t event_bytes = 40u * 1024 * 1024;  // size of SseEvent::data
};

class SseParser {
public:
    explicit SseParser(SseLimits limits = {}) : limits_(limits) {}

    // Appends the events that `bytes` completes. Error: too_large if a limit is exceeded, which is
    // detected before the bytes are stored; every further call then fails until reset().
    Result<> feed(std::string_view bytes, std::vector<SseEvent>& events);

    // Prepares for the next connection: discards the incomplete event, keeps last_event_id().
    void reset();

    const std::string& last_event_id() const noexcept { return last_id_; }
    // The most recent `retry:` field.
    std::optional<std::chrono::milliseconds> retry() const noexcept { return retry_; }

private:
    void skip_bom(std::string_view& bytes);
    bool take_line(std::string_view& bytes, std::vector<SseEvent>& events);
    bool fits(std::size_t line) const noexcept;
    bool process_line(std::string_view line, std::vector<SseEvent>& events);
    bool process_field(std::string_view name, std::string_view value);
    void dispatch(std::vector<SseEvent>& events);

    SseLimits limits_;
    std::string line_;  // the incomplete last line
    std::string event_;
    std::string data_;
    std::string id_;       // id of the incomplete event
    std::string last_id_;  // id of the last complete event
    std::optional<std::chrono::milliseconds> retry_;
    bool at_start_ = true;  // the input so far may be part of a BOM
    bool after_cr_ = false;
    bool failed_ = false;
};

}  // namespace fanion::wire
