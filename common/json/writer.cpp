#include "common/json/writer.hpp"

#include <charconv>
#include <cmath>

#include "common/base/text.hpp"

namespace fanion::json {
namespace {

template <class T>
void append_number(std::string& out, T number) {
    char text[32];
    const auto [end, error] = std::to_chars(text, text + sizeof text, number);
    out.append(text, end);
}

}  // namespace

void Writer::separate() {
    if (!first_) out_ += ',';
    first_ = false;
}

Writer& Writer::begin_object() {
    separate();
    out_ += '{';
    first_ = true;
    return *this;
}

Writer& Writer::end_object() {
    out_ += '}';
    first_ = false;
    return *this;
}

Writer& Writer::begin_array() {
    separate();
    out_ += '[';
    first_ = true;
    return *this;
}

Writer& Writer::end_array() {
    out_ += ']';
    first_ = false;
    return *this;
}

Writer& Writer::key(std::string_view name) {
    separate();
    append_json_string(out_, name);
    out_ += ':';
    first_ = true;  // no comma before the value
    return *this;
}

Writer& Writer::string(std::string_view text) {
    separate();
    append_json_string(out_, text);
    return *this;
}

Writer& Writer::integer(std::int64_t number) {
    separate();
    append_number(out_, number);
    return *this;
}

Writer& Writer::unsigned_integer(std::uint64_t number) {
    separate();
    append_number(out_, number);
    return *this;
}

Writer& Writer::number(double number) {
    if (!std::isfinite(number)) return null();
    separate();
    append_number(out_, number);
    return *this;
}

Writer& Writer::boolean(bool truth) { return raw(truth ? "true" : "false"); }
Writer& Writer::null() { return raw("null"); }

Writer& Writer::raw(std::string_view json) {
    separate();
    out_ += json;
    return *this;
}

}  // namespace fanion::json
