#include "control-plane/body/findings.hpp"

#include <algorithm>
#include <array>
#include <string>

#include "common/json/document.hpp"

namespace fanion::cp::body {
namespace {

constexpr std::array<std::string_view, 6> definition_members{"key", "type", "client", "track", "salt", "variations"};

std::string_view first_token(std::string_view pointer) {
    if (pointer.empty()) return {};
    const auto end = pointer.find('/', 1);
    return pointer.substr(1, end == std::string_view::npos ? end : end - 1);
}

bool belongs_to_definition(std::string_view pointer) {
    return std::find(definition_members.begin(), definition_members.end(), first_token(pointer)) !=
           definition_members.end();
}

void locate(Finding& finding, std::string_view item, BodyKind shape, std::string_view environment) {
    const bool of_definition = belongs_to_definition(finding.pointer);
    const bool held =
        finding.item == item && (shape == BodyKind::creation || of_definition == (shape == BodyKind::definition));
    if (!held) {
        finding.detail += " (in environment " + std::string(environment) + ")";
        return;
    }
    finding.item.clear();
    if (shape == BodyKind::creation && !of_definition) {
        std::string pointer = "/environments";
        json::append_pointer(pointer, environment);
        finding.pointer.insert(0, pointer);
    }
}

}  // namespace

Error relocate_to_body(Error error, std::string_view item, BodyKind shape, std::string_view environment) {
    for (auto& finding : error.findings) locate(finding, item, shape, environment);
    return error;
}

std::vector<Finding> relocate_warnings(std::vector<Finding> warnings, std::string_view item, BodyKind shape,
                                       std::string_view environment) {
    for (auto& warning : warnings) {
        locate(warning, item, shape, environment);
        const bool is_everywhere = warning.item.empty() && shape != BodyKind::config;
        if (is_everywhere && !warning.pointer.starts_with("/environments/"))
            warning.detail += " (in environment " + std::string(environment) + ")";
    }
    return warnings;
}

void hide_environment(std::vector<Finding>& findings) {
    std::vector<Finding> hidden;
    for (auto& finding : findings) {
        Finding said{"", "", std::move(finding.code), "this concerns an environment that you may not read"};
        if (std::find(hidden.begin(), hidden.end(), said) == hidden.end()) hidden.push_back(std::move(said));
    }
    findings = std::move(hidden);
}

Error as_strict_error(std::vector<Finding> warnings) {
    return {Errc::unprocessable, "the static checks have warnings, and strict=true refuses them", std::move(warnings)};
}

}  // namespace fanion::cp::body
