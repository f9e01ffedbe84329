#pragma once

// Writes server-sent events (docs/distribution.md, "As SSE"). Pure.
//
// Each line of a signed document ends with LF. Its event has one `data:` line per line of the
// document, so a receiver that appends LF to each data line gets the document back, byte for byte
// (SseEvent::data in sse_parser.hpp).

#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>

#include "common/wire/manifest.hpp"

namespace fanion::wire {

enum class StreamEvent { put, patch, head, revoked };
std::string_view name_of(StreamEvent event) noexcept;  // "put", ..
StreamEvent event_of(ManifestType type) noexcept;      // full: put, delta: patch

// "<env_id>:<epoch>.<version>"
std::string event_id(std::string_view env_id, Version version);

// Formats an event: event, id, the data lines and the blank line. `document` must end with LF and
// contain no CR.
std::string format_event(StreamEvent event, std::string_view env_id, Version version, std::string_view document);

std::string format_retry(std::chrono::milliseconds retry);  // "retry: 1500\n\n"
std::string format_comment(std::string_view text);          // ": text\n\n"; the text must be one line

}  // namespace fanion::wire
