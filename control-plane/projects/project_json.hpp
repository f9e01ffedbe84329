#pragma once

// The admin API's JSON of organisations, projects and environments. Deleted ones have `deleted_at`
// and `restorable_until` too.

#include "common/json/writer.hpp"
#include "control-plane/projects/deletion_store.hpp"
#include "control-plane/projects/environment_store.hpp"
#include "control-plane/projects/organisation_store.hpp"
#include "control-plane/projects/project_store.hpp"

namespace fanion::cp::projects {

void write_org(json::Writer& w, const Org& org);
void write_project(json::Writer& w, const Project& project);
void write_environment(json::Writer& w, const Environment& environment);
// One of the caller's own, with their role there.
void write_deleted_org(json::Writer& w, const DeletedOrg& org);

}  // namespace fanion::cp::projects
