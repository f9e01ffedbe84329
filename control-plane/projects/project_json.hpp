#pragma once

// The admin API's JSON of organisations, projects and environments.

#include <string>
#include <vector>

#include "common/base/error.hpp"
#include "common/json/document.hpp"
#include "common/json/writer.hpp"
#include "control-plane/keys/key_store.hpp"
#include "control-plane/projects/environment_store.hpp"
#include "control-plane/projects/organisation_store.hpp"
#include "control-plane/projects/project_store.hpp"

namespace fanion::cp::projects {

// The body that creates an organisation or a project.
struct Named {
    std::string key;
    std::string name;  // the key when the body gives none
};
// Errors: invalid_input, with a finding for each mistake.
Result<Named> read_named(json::Value body);

void write_org(json::Writer& w, const Org& org);
void write_project(json::Writer& w, const Project& project);
void write_environment(json::Writer& w, const Environment& environment);

}  // namespace fanion::cp::projects
