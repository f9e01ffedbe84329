#include "control-plane/api/views.hpp"

#include "common/base/text.hpp"
#include "common/model/json.hpp"

namespace fanion::api {
namespace {

void write_time(json::Writer& w, std::string_view name, const std::optional<UnixMillis>& at) {
    w.key(name);
    if (at) {
        w.string(format_rfc3339(*at));
    } else {
        w.null();
    }
}

void write_dates(json::Writer& w, UnixMillis created_at, UnixMillis updated_at) {
    w.member("created_at", format_rfc3339(created_at)).member("updated_at", format_rfc3339(updated_at));
}

}  // namespace

void write_org(json::Writer& w, const store::Org& org) {
    w.begin_object().member("key", org.key).member("name", org.name).member("version", org.version);
    write_dates(w, org.created_at, org.updated_at);
    w.end_object();
}

void write_project(json::Writer& w, const store::Project& project) {
    w.begin_object().member("key", project.key).member("name", project.name).member("version", project.version);
    write_dates(w, project.created_at, project.updated_at);
    w.end_object();
}

void write_environment(json::Writer& w, const store::Environment& environment) {
    w.begin_object().member("key", environment.key).member("name", environment.name);
    w.member("protected", environment.is_protected).member("env_id", environment.env_id);
    w.member("ruleset_version", wire::to_string(environment.version));
    write_dates(w, environment.created_at, environment.updated_at);
    w.end_object();
}

void write_key(json::Writer& w, const store::Key& key, std::string_view secret) {
    w.begin_object().member("id", key.key_id).member("kind", model::name_of(key.kind)).member("name", key.name);
    if (!secret.empty()) w.member("key", secret);
    w.key("origins").begin_array();
    for (const auto& origin : key.origins) w.string(origin);
    w.end_array().member("ofrep_minimal", key.ofrep_minimal);
    write_time(w, "not_before", key.not_before);
    write_time(w, "expires_at", key.not_after);
    w.member("created_by", key.created_by).member("created_at", format_rfc3339(key.created_at));
    write_time(w, "revoked_at", key.revoked_at);
    write_time(w, "last_used_at", key.last_used_at);
    w.end_object();
}

}  // namespace fanion::api
