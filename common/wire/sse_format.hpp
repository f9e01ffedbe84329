#pragma once

// Writing server-sent events (distribution.md: "As SSE"). Pure.
//
// A signed document E is lines that each end with LF. Its event carries one `data:` line per line of E, so that the data
// lines a receiver reads, each followed by LF, are E again to the byte (SseEvent::data in sse_parser.hpp).

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

// event, id, data lines and the blank line. `document` ends with LF and holds no CR.
std::string format_event(StreamEvent event, std::string_view env_id, Version version, std::string_view document);

std::string format_retry(std::chrono::milliseconds retry);  // "retry: 1500\n\n"
std::string format_comment(std::string_view text);          // ": text\n\n"; the text holds no line end

}  // namespace fanion::wire
