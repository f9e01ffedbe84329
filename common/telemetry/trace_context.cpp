#include "common/telemetry/trace_context.hpp"

#include <algorithm>
#include <charconv>
#include <random>

namespace fanion::telemetry {
namespace {

constexpr std::size_t trace_at = 3;  // "00-<32 digits>-<16 digits>-<2 digits>"
constexpr std::size_t span_at = 36;
constexpr std::size_t flags_at = 53;
constexpr std::size_t length = 55;

bool is_hex(char c) noexcept { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'); }

// Lower-case digits only, as the format has it.
template <class T>
bool read_hex(std::string_view digits, T& out) noexcept {
    if (!std::all_of(digits.begin(), digits.end(), is_hex)) return false;
    return std::from_chars(digits.data(), digits.data() + digits.size(), out, 16).ec == std::errc();
}

void append_hex(std::string& out, std::uint64_t value, int digits) {
    constexpr std::string_view alphabet = "0123456789abcdef";
    for (int shift = 4 * (digits - 1); shift >= 0; shift -= 4) out += alphabet[(value >> shift) & 0xf];
}

struct RandomState {
    std::uint64_t counter;
    RandomState() {
        std::random_device device;
        counter = (std::uint64_t{device()} << 32) | device();
    }
};

}  // namespace

std::string to_hex(const TraceId& trace) {
    std::string out;
    append_hex(out, trace.high, 16);
    append_hex(out, trace.low, 16);
    return out;
}

std::string to_hex(SpanId span) {
    std::string out;
    append_hex(out, span, 16);
    return out;
}

std::optional<TraceContext> parse_traceparent(std::string_view text) noexcept {
    if (text.size() < length || text[2] != '-' || text[span_at - 1] != '-' || text[flags_at - 1] != '-')
        return std::nullopt;
    unsigned version = 0;
    unsigned flags = 0;
    TraceContext context;
    if (!read_hex(text.substr(0, 2), version) || version == 0xff) return std::nullopt;
    if (text.size() > length && (version == 0 || text[length] != '-')) return std::nullopt;
    const bool is_read = read_hex(text.substr(trace_at, 16), context.trace.high) &&
                         read_hex(text.substr(trace_at + 16, 16), context.trace.low) &&
                         read_hex(text.substr(span_at, 16), context.span) && read_hex(text.substr(flags_at, 2), flags);
    if (!is_read || !context) return std::nullopt;
    context.sampled = (flags & 1) != 0;
    return context;
}

std::string format_traceparent(const TraceContext& context) {
    std::string out = "00-";
    append_hex(out, context.trace.high, 16);
    append_hex(out, context.trace.low, 16);
    out += '-';
    append_hex(out, context.span, 16);
    out += context.sampled ? "-01" : "-00";
    return out;
}

bool is_usable_tracestate(std::string_view text) noexcept {
    constexpr std::size_t longest = 512;
    return text.size() <= longest && std::all_of(text.begin(), text.end(), [](char c) { return c >= ' ' && c <= '~'; });
}

// SplitMix64 (https://prng.di.unimi.it/splitmix64.c) over a counter of each thread, which begins at random.
std::uint64_t random_trace_bits() noexcept {
    thread_local RandomState state;
    for (;;) {
        auto z = state.counter += 0x9e3779b97f4a7c15u;
        z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
        z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
        z ^= z >> 31;
        if (z != 0) return z;
    }
}

TraceSampler::TraceSampler(double ratio) noexcept {
    constexpr double range = 9'223'372'036'854'775'808.0;  // 2^63
    bound_ = ratio >= 1 ? std::uint64_t{1} << 63 : static_cast<std::uint64_t>(std::max(ratio, 0.0) * range);
}

}  // namespace fanion::telemetry
