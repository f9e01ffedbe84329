#pragma once

// Reading server-sent events as WHATWG's HTML standard, 9.2.6, defines them: CR, LF and CRLF end lines, one leading BOM is
// skipped, comments and unknown fields are ignored, an event without data is not one, what stands after the last blank
// line is dropped. Incremental: bytes may be split anywhere. Pure; one thread.
//
// Departures from the standard: lines and events are bounded, and SseEvent::data keeps the LF after its last line.

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "common/base/error.hpp"

namespace fanion::wire {

struct SseEvent {
    std::string event;  // "message" when none was named
    std::string id;     // last event id: stays until another one comes
    std::string data;   // each data line followed by LF: a signed document's bytes exactly (sse_format.hpp)

    // The standard's data: without the last LF.
    std::string_view text() const noexcept {
        return std::string_view(data).substr(0, data.empty() ? 0 : data.size() - 1);
    }
};

struct SseLimits {
    std::size_t line_bytes = 40u * 1024 * 1024;
    std::size_t event_bytes = 40u * 1024 * 1024;  // of SseEvent::data
};

class SseParser {
public:
    explicit SseParser(SseLimits limits = {}) : limits_(limits) {}

    // Appends the events that these bytes complete. Error too_large: a bound was passed, found before the bytes were kept;
    // the parser then refuses everything until reset().
    Result<> feed(std::string_view bytes, std::vector<SseEvent>& events);

    // For the next connection: forgets the unfinished event, keeps last_event_id().
    void reset();

    const std::string& last_event_id() const noexcept { return last_id_; }
    // The newest `retry:` field.
    std::optional<std::chrono::milliseconds> retry() const noexcept { return retry_; }

private:
    void skip_bom(std::string_view& bytes);
    bool take_line(std::string_view& bytes, std::vector<SseEvent>& events);
    bool fits(std::size_t line) const noexcept;
    bool process_line(std::string_view line, std::vector<SseEvent>& events);
    bool process_field(std::string_view name, std::string_view value);
    void dispatch(std::vector<SseEvent>& events);

    SseLimits limits_;
    std::string line_;  // the beginning of a line whose end has not come
    std::string event_;
    std::string data_;
    std::string id_;       // of the event being read
    std::string last_id_;  // of the last event that was complete
    std::optional<std::chrono::milliseconds> retry_;
    bool at_start_ = true;  // inside what may be a BOM
    bool after_cr_ = false;
    bool failed_ = false;
};

}  // namespace fanion::wire
