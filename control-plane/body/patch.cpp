#include "control-plane/body/patch.hpp"

namespace fanion::cp::body {
namespace {

std::string_view parent_of(std::string_view pointer) { return pointer.substr(0, pointer.rfind('/')); }

void clip(Finding& finding, json::Value body) {
    const auto tokens = json::parse_pointer(finding.pointer);
    if (!tokens) return;
    std::string pointer;
    for (std::size_t i = 0; i < tokens->size(); ++i) {
        const bool is_container = body.is(json::Kind::object) || body.is(json::Kind::array);
        const auto below = is_container ? body.at({(*tokens)[i]}) : json::Value();
        const bool names_missing_member = body.is(json::Kind::object) && i + 1 == tokens->size();
        if (!below && !names_missing_member) break;
        json::append_pointer(pointer, (*tokens)[i]);
        body = below;
    }
    finding.pointer = std::move(pointer);
}

}  // namespace

void Places::locate(std::vector<Finding>& findings, std::string_view item) const {
    if (is_same_) return;
    for (auto& finding : findings) {
        if (!finding.item.empty()) continue;
        std::string_view at = finding.pointer;
        auto found = origins_.find(at);
        while (found == origins_.end() && !at.empty()) {
            at = parent_of(at);
            found = origins_.find(at);
        }
        if (found == origins_.end()) {
            finding.item = item;
        } else {
            finding.pointer = found->second + finding.pointer.substr(at.size());
        }
    }
}

void clip_to_body(std::vector<Finding>& findings, json::Value body) {
    for (auto& finding : findings)
        if (finding.item.empty()) clip(finding, body);
}

Error locate_error(Error error, const Places& places, std::string_view item, json::Value body) {
    if (places.is_same()) return error;
    places.locate(error.findings, item);
    clip_to_body(error.findings, body);
    return error;
}

}  // namespace fanion::cp::body
