#pragma once

// The admin API's JSON of what has no JSON in domain: organisations, projects, environments, keys.

#include <string>
#include <vector>

#include "common/json/writer.hpp"
#include "control-plane/store/environments.hpp"
#include "control-plane/store/keys.hpp"
#include "control-plane/store/orgs.hpp"
#include "control-plane/store/projects.hpp"

namespace fanion::api {

void write_org(json::Writer& w, const store::Org& org);
void write_project(json::Writer& w, const store::Project& project);
void write_environment(json::Writer& w, const store::Environment& environment);
// `secret`: the whole key, on the one occasion it is shown; else empty.
void write_key(json::Writer& w, const store::Key& key, std::string_view secret = "");

template <class T>
std::string to_text(void (*write)(json::Writer&, const T&), const T& value) {
    std::string out;
    json::Writer w(out);
    write(w, value);
    return out;
}

// {"items":[..],"next":null} for lists that fit one page.
template <class T>
std::string list_text(void (*write)(json::Writer&, const T&), const std::vector<T>& values) {
    std::string out;
    json::Writer w(out);
    w.begin_object().key("items").begin_array();
    for (const auto& value : values) write(w, value);
    w.end_array().key("next").null().end_object();
    return out;
}

}  // namespace fanion::api
