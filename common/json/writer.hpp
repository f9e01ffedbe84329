#pragma once

// Appends compact JSON to a string. The writer places commas and colons; the caller is responsible
// for correct nesting and for UTF-8.
//
//     json::Writer w(out);
//     w.begin_object().member("key", flag.key).member("version", 12).key("value").raw("1.0").end_object();
//
// Not thread-safe. The string must outlive the writer.

#include <cstdint>
#include <string>
#include <string_view>

namespace fanion::json {

class Writer {
public:
    explicit Writer(std::string& out) : out_(out) {}

    Writer& begin_object();
    Writer& end_object();
    Writer& begin_array();
    Writer& end_array();
    Writer& key(std::string_view name);

    Writer& string(std::string_view text);
    Writer& integer(std::int64_t number);
    Writer& unsigned_integer(std::uint64_t number);
    Writer& number(double number);  // the shortest text that parses to the same double; null if not finite
    Writer& boolean(bool truth);
    Writer& null();
    Writer& raw(std::string_view json);  // text that is already JSON

    Writer& member(std::string_view name, std::string_view text) { return key(name).string(text); }
    Writer& member(std::string_view name, const char* text) { return key(name).string(text); }
    Writer& member(std::string_view name, bool truth) { return key(name).boolean(truth); }
    Writer& member(std::string_view name, int n) { return key(name).integer(n); }
    Writer& member(std::string_view name, std::int64_t n) { return key(name).integer(n); }
    Writer& member(std::string_view name, std::uint64_t n) { return key(name).unsigned_integer(n); }
    Writer& member(std::string_view name, double n) { return key(name).number(n); }

private:
    void separate();

    std::string& out_;
    bool first_ = true;  // the current container is still empty
};

}  // namespace fanion::json
