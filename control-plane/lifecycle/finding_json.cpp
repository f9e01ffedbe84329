#include "control-plane/lifecycle/finding_json.hpp"

#include "common/base/text.hpp"

namespace fanion::cp::lifecycle {

void write_time(json::Writer& w, std::string_view member, std::optional<UnixMillis> at) {
    w.key(member);
    if (at) {
        w.string(format_rfc3339(*at));
    } else {
        w.null();
    }
}

void write_variation(json::Writer& w, std::string_view member, const std::string& variation) {
    w.key(member);
    if (variation.empty()) {
        w.null();
    } else {
        w.string(variation);
    }
}

void write_finding(json::Writer& w, const LifeFinding& finding) {
    w.begin_object().member("reason", name_of(finding.reason)).member("since", format_rfc3339(finding.since));
    if (finding.keep) write_variation(w, "keep", *finding.keep);
    w.end_object();
}

}  // namespace fanion::cp::lifecycle
