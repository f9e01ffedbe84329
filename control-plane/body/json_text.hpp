#pragma once

// JSON that we write and read back ourselves: a table's JSON columns and the admin API's resources.
// Pure.

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "common/base/clock.hpp"
#include "common/base/text.hpp"
#include "common/json/document.hpp"
#include "common/json/reader.hpp"
#include "common/json/writer.hpp"
#include "control-plane/body/merge_patch.hpp"

namespace fanion::cp::body {

// What `write`, called with a json::Writer, writes.
template <class Write>
std::string text_of(const Write& write) {
    std::string out;
    json::Writer w(out);
    write(w);
    return out;
}

// {..} with the members that `write_members` writes.
template <class Write>
std::string object_text(const Write& write_members) {
    return text_of([&](json::Writer& w) {
        w.begin_object();
        write_members(w);
        w.end_object();
    });
}

// A member that is a time or null.
inline void write_time(json::Writer& w, std::string_view name, const std::optional<UnixMillis>& at) {
    w.key(name);
    if (at) {
        w.string(format_rfc3339(*at));
    } else {
        w.null();
    }
}

// What `read`, called with a json::Reader, makes of a stored object. Throws when `text` is not JSON
// within composed_limits(): the table was damaged, or written by another program.
template <class Read>
auto read_stored(std::string_view text, const Read& read) {
    json::Document document;
    document.parse(text, composed_limits()).value();
    std::vector<Finding> findings;
    json::Reader r(document.root(), findings);
    return read(r);
}

}  // namespace fanion::cp::body
