#pragma once

// A change that is kept, to be carried out later: a request to another route of the admin API, of
// those that change flags and segments. Pure.

#include <string>
#include <string_view>
#include <vector>

#include "common/json/reader.hpp"
#include "common/json/writer.hpp"

namespace fanion::cp::schedules {

inline constexpr std::size_t most_changes = 20;              // of one change request
inline constexpr std::size_t most_change_bytes = 64 * 1024;  // of the bodies of all of them

struct Change {
    std::string method;      // PUT, PATCH, POST or DELETE
    std::string path;        // below the organisation's, as audit entries write it
    std::string media_type;  // of the body
    std::string body;        // JSON; empty: none
    std::string comment;     // of its audit entries
    friend bool operator==(const Change&, const Change&) = default;
};

// Where changes are kept. What they change is in the same project, and in the same environment
// unless it is common to all.
struct ChangePlace {
    std::string project;
    std::string environment;
};

// {"method","path","type","body","comment"}. Findings: unknown_change where no change can be kept
// for the method and path, elsewhere for another project or environment; too_long.
Change read_change(json::Reader& r, const ChangePlace& place);
// The required member `changes`: 1 to most_changes of them.
std::vector<Change> read_changes(json::Reader& r, const ChangePlace& place);

void write_change(json::Writer& w, const Change& change);
// JSON as stored, and back.
std::string to_text(const std::vector<Change>& changes);
std::vector<Change> changes_of(std::string_view text);

}  // namespace fanion::cp::schedules
