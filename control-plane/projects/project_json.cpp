#include "control-plane/projects/project_json.hpp"

#include "common/base/text.hpp"
#include "common/json/reader.hpp"
#include "common/model/json.hpp"
#include "control-plane/body/fields.hpp"

namespace fanion::cp::projects {

Result<Named> read_named(json::Value body) {
    return body::read_object(body, [](json::Reader& r, std::vector<Finding>&) {
        Named named;
        named.key = body::read_key(r, "key");
        named.name = body::read_text(r, "name", 200, named.key);
        return named;
    });
}

namespace {

void write_dates(json::Writer& w, UnixMillis created_at, UnixMillis updated_at) {
    w.member("created_at", format_rfc3339(created_at)).member("updated_at", format_rfc3339(updated_at));
}

}  // namespace

void write_org(json::Writer& w, const Org& org) {
    w.begin_object().member("key", org.key).member("name", org.name).member("version", org.version);
    write_dates(w, org.created_at, org.updated_at);
    w.end_object();
}

void write_project(json::Writer& w, const Project& project) {
    w.begin_object().member("key", project.key).member("name", project.name).member("version", project.version);
    write_dates(w, project.created_at, project.updated_at);
    w.end_object();
}

void write_environment(json::Writer& w, const Environment& environment) {
    w.begin_object().member("key", environment.key).member("name", environment.name);
    w.member("protected", environment.is_protected).member("env_id", environment.env_id.str());
    w.member("ruleset_version", wire::to_string(environment.version));
    write_dates(w, environment.created_at, environment.updated_at);
    w.end_object();
}

}  // namespace fanion::cp::projects
