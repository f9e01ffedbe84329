#include "control-plane/body/retention.hpp"

#include <vector>

#include "common/json/reader.hpp"
#include "control-plane/body/fields.hpp"
#include "control-plane/body/json_text.hpp"

namespace fanion::cp::body {
namespace {

// Of the audit log: an owner who wants to hide something must wait for a week at least, in which the change itself is in the
// log. Of events: relays deliver what is up to a week old, which would be deleted before it comes.
constexpr int shortest_retention = 7;
constexpr int longest_retention = 36'500;

}  // namespace

void write_retention(json::Writer& w, const RetentionSettings& settings) {
    w.begin_object().key("retention_days");
    if (settings.retention_days) {
        w.integer(*settings.retention_days);
    } else {
        w.null();
    }
    w.member("version", settings.version);
    write_time(w, "updated_at", settings.updated_at);
    w.end_object();
}

Result<WantedRetention> read_retention(json::Value body) {
    return read_object(body, [](json::Reader& r, std::vector<Finding>&) {
        WantedRetention read;
        r.optional_any("version");  // derived, as in the response to a GET
        r.optional_any("updated_at");
        if (r.has("retention_days") && r.is_null("retention_days")) return read;
        read.days = static_cast<int>(r.integer("retention_days", shortest_retention, longest_retention));
        return read;
    });
}

}  // namespace fanion::cp::body
