#include "common/model/json.hpp"

namespace fanion::model {

void write_access(Writer& w, const AccessEntry& entry) {
    w.begin_object().member("id", entry.id).member("kind", name_of(entry.kind)).member("sha256", entry.sha256);
    if (entry.not_before) w.member("not_before", *entry.not_before);
    if (entry.not_after) w.member("not_after", *entry.not_after);
    w.key("origins").begin_array();
    for (const auto& origin : entry.origins) w.string(origin);
    w.end_array();
    if (entry.ofrep_minimal) w.member("ofrep_minimal", true);
    if (entry.rules) w.member("rules", true);
    w.end_object();
}

void write_environment(Writer& w, const EnvironmentInfo& info) {
    w.begin_object().member("org", info.org).member("project", info.project).member("key", info.key);
    w.member("env_id", info.env_id).end_object();
}

}  // namespace fanion::model
