#include "common/cli/organisation.hpp"

#include <utility>

#include "common/base/text.hpp"

namespace fanion::cli {

Result<Organisation> open_organisation(const std::string& org) {
    auto credentials = load_session();
    if (!credentials) return credentials.error();
    const auto& wanted = org.empty() ? credentials->org : org;
    if (wanted.empty()) return Error{Errc::invalid_input, "no organisation given; use --org or FANION_ORG"};
    const auto path = "/orgs/" + percent_encode(wanted);
    return Organisation{AdminClient(std::move(*credentials)), path};
}

Result<Organisation> open_project(const std::string& org, const std::string& project) {
    const auto credentials = load_session();
    if (!credentials) return credentials.error();
    const auto& wanted = project.empty() ? credentials->project : project;
    if (wanted.empty()) return Error{Errc::invalid_input, "no project given; use --project or FANION_PROJECT"};
    auto opened = open_organisation(org);
    if (opened) opened->path += "/projects/" + percent_encode(wanted);
    return opened;
}

std::string joined_names(json::Reader& item, std::string_view member) {
    std::string all;
    for (const auto& name : item.strings(member)) all += (all.empty() ? "" : " ") + name;
    return all;
}

}  // namespace fanion::cli
