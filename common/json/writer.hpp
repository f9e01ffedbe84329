#pragma once

// Appends compact JSON to a string. Commas and colons are placed by the writer; nesting is the caller's care.
//
//     json::Writer w(out);
//     w.begin_object().member("key", flag.key).member("version", 12).key("value").raw("1.0").end_object();
//
// One thread.

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
    Writer& number(double number);  // shortest that reads back the same; not finite: null
    Writer& boolean(bool truth);
    Writer& null();
    Writer& raw(std::string_view json);  // already JSON

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
    bool first_ = true;  // nothing written yet in the container we are in
};

}  // namespace fanion::json
