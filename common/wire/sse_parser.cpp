#include "common/wire/sse_parser.hpp"

#include <algorithm>

#include "common/base/text.hpp"

namespace fanion::wire {
namespace {

constexpr std::string_view bom = "\xEF\xBB\xBF";
constexpr std::size_t field_overhead = 64;  // room for the name and colon of a data line, and for other, short fields
constexpr std::uint64_t longest_retry = 24ull * 3600 * 1000;

// The position of the first CR or LF. On long lines two calls of memchr are many times faster than find_first_of.
std::size_t find_line_end(std::string_view bytes) {
    const auto lf = bytes.find('\n');
    const auto cr = bytes.substr(0, lf).find('\r');
    return cr != std::string_view::npos ? cr : lf;
}

}  // namespace

Result<> SseParser::feed(std::string_view bytes, std::vector<SseEvent>& events) {
    if (at_start_) skip_bom(bytes);
    while (!failed_ && !bytes.empty()) {
        if (after_cr_ && bytes.front() == '\n') bytes.remove_prefix(1);
        after_cr_ = false;
        if (!bytes.empty()) failed_ = !take_line(bytes, events);
    }
    if (failed_) return Error{Errc::too_large, "a line or an event of the stream is larger than the limit"};
    return {};
}

void SseParser::reset() {
    line_ = {};
    event_.clear();
    data_ = {};
    id_.clear();
    at_start_ = true;
    after_cr_ = false;
    failed_ = false;
}

// At the start of the input, line_ holds the bytes that match the beginning of a BOM.
void SseParser::skip_bom(std::string_view& bytes) {
    while (at_start_ && !bytes.empty()) {
        if (bytes.front() != bom[line_.size()]) {
            at_start_ = false;
            return;
        }
        line_ += bytes.front();
        bytes.remove_prefix(1);
        if (line_.size() < bom.size()) continue;
        line_.clear();
        at_start_ = false;
    }
}

bool SseParser::fits(std::size_t line) const noexcept {
    return line <= limits_.line_bytes && data_.size() + line <= limits_.event_bytes + field_overhead;
}

bool SseParser::take_line(std::string_view& bytes, std::vector<SseEvent>& events) {
    const auto end = find_line_end(bytes);
    const auto piece = bytes.substr(0, end);
    if (!fits(line_.size() + piece.size())) return false;
    if (end == std::string_view::npos) {
        line_ += piece;
        bytes = {};
        return true;
    }
    after_cr_ = bytes[end] == '\r';
    bytes.remove_prefix(end + 1);
    if (line_.empty()) return process_line(piece, events);
    line_ += piece;
    const bool good = process_line(line_, events);
    line_.clear();
    return good;
}

bool SseParser::process_line(std::string_view line, std::vector<SseEvent>& events) {
    if (line.empty()) {
        dispatch(events);
        return true;
    }
    if (line.front() == ':') return true;
    const auto colon = line.find(':');
    auto value = colon == std::string_view::npos ? std::string_view() : line.substr(colon + 1);
    if (value.starts_with(' ')) value.remove_prefix(1);
    return process_field(line.substr(0, colon), value);
}

bool SseParser::process_field(std::string_view name, std::string_view value) {
    if (name == "data") {
        if (data_.size() + value.size() + 1 > limits_.event_bytes) return false;
        data_ += value;
        data_ += '\n';
    } else if (name == "event") {
        event_ = value;
    } else if (name == "id") {
        if (value.find('\0') == std::string_view::npos) id_ = value;
    } else if (name == "retry") {
        const bool digits = std::all_of(value.begin(), value.end(), [](char c) { return c >= '0' && c <= '9'; });
        const auto millis = digits ? parse_u64(value) : std::nullopt;
        if (millis) retry_ = std::chrono::milliseconds(static_cast<std::int64_t>(std::min(*millis, longest_retry)));
    }
    return true;
}

void SseParser::dispatch(std::vector<SseEvent>& events) {
    last_id_ = id_;
    if (!data_.empty()) {
        events.push_back({event_.empty() ? "message" : std::move(event_), id_, std::move(data_)});
        data_ = {};
    }
    event_.clear();
}

}  // namespace fanion::wire
