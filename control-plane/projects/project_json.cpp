#include "control-plane/projects/project_json.hpp"

#include "common/base/text.hpp"

namespace fanion::cp::projects {

namespace {

void write_dates(json::Writer& w, UnixMillis created_at, UnixMillis updated_at) {
    w.member("created_at", format_rfc3339(created_at)).member("updated_at", format_rfc3339(updated_at));
}

void write_deletion(json::Writer& w, const std::optional<UnixMillis>& deleted_at) {
    if (!deleted_at) return;
    w.member("deleted_at", format_rfc3339(*deleted_at));
    w.member("restorable_until", format_rfc3339(*deleted_at + restorable_for));
}

void write_staging(json::Writer& w, const std::optional<StagingSettings>& staging) {
    w.key("staging");
    if (!staging) {
        w.null();
        return;
    }
    w.begin_object().member("label", staging->label).member("soak_seconds", std::int64_t{staging->soak_seconds});
    w.member("hold_seconds", std::int64_t{staging->hold_seconds});
    w.member("without_canaries", name_of(staging->without_canaries)).end_object();
}

}  // namespace

void write_org(json::Writer& w, const Org& org) {
    w.begin_object().member("key", org.key).member("name", org.name).member("version", org.version);
    write_dates(w, org.created_at, org.updated_at);
    write_deletion(w, org.deleted_at);
    w.end_object();
}

void write_project(json::Writer& w, const Project& project) {
    w.begin_object().member("key", project.key).member("name", project.name);
    w.member("description", project.description).member("version", project.version);
    write_dates(w, project.created_at, project.updated_at);
    write_deletion(w, project.deleted_at);
    w.end_object();
}

void write_environment(json::Writer& w, const Environment& environment) {
    w.begin_object().member("key", environment.key).member("name", environment.name);
    w.member("description", environment.description).member("protected", environment.is_protected);
    w.member("order", environment.position).member("colour", environment.colour);
    w.member("confirmation", name_of(environment.confirmation));
    w.member("comment_required", environment.is_comment_required);
    write_staging(w, environment.staging);
    w.member("env_id", environment.env_id.str());
    w.member("ruleset_version", wire::to_string(environment.version));
    w.member("released_version", wire::to_string(environment.released.value_or(environment.version)));
    write_dates(w, environment.created_at, environment.updated_at);
    write_deletion(w, environment.deleted_at);
    w.end_object();
}

void write_deleted_org(json::Writer& w, const DeletedOrg& org) {
    w.begin_object().member("key", org.key).member("name", org.name).member("role", org.role.key);
    write_deletion(w, org.deleted_at);
    w.end_object();
}

}  // namespace fanion::cp::projects
