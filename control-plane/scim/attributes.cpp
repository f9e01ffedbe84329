#include "control-plane/scim/attributes.hpp"

#include <algorithm>
#include <utility>

#include "common/base/text.hpp"

namespace fanion::cp::scim {
namespace {

bool lists(std::string_view list, std::string_view name) {
    for (const auto written : split(list, ',')) {
        const auto path = parse_path(trim(written));
        if (path && equals_ignore_case_ascii(path->attribute, name)) return true;
    }
    return false;
}

}  // namespace

Error bad_value(std::string pointer, std::string code, const std::string& detail) {
    return {Errc::invalid_input, detail, {{"", std::move(pointer), std::move(code), detail}}};
}

const json::Tree* find_attribute(const json::Tree& object, std::string_view name) {
    if (!object.is(json::Kind::object)) return nullptr;
    for (const auto& member : object.members())
        if (equals_ignore_case_ascii(member.name, name)) return &member.value;
    return nullptr;
}

json::Tree* find_attribute(json::Tree& object, std::string_view name) {
    if (!object.is(json::Kind::object)) return nullptr;
    for (auto& member : object.members())
        if (equals_ignore_case_ascii(member.name, name)) return &member.value;
    return nullptr;
}

json::Tree& attribute(json::Tree& object, std::string_view name) {
    if (!object.is(json::Kind::object)) object = json::Tree::object();
    if (auto* present = find_attribute(object, name)) return *present;
    object.members().push_back({std::string(name), json::Tree()});
    return object.members().back().value;
}

void remove_attribute(json::Tree& object, std::string_view name) {
    if (!object.is(json::Kind::object)) return;
    std::erase_if(object.members(),
                  [&](const json::Tree::Member& member) { return equals_ignore_case_ascii(member.name, name); });
}

std::optional<std::string> text_of(const json::Tree& value) {
    switch (value.kind()) {
        case json::Kind::string:
            return value.as_string();
        case json::Kind::boolean:
            return value.as_bool() ? "true" : "false";
        case json::Kind::number:
            return value.number_text();
        default:
            return std::nullopt;
    }
}

std::optional<bool> truth_of(const json::Tree& value) {
    const auto text = text_of(value);
    if (text && equals_ignore_case_ascii(*text, "true")) return true;
    if (text && equals_ignore_case_ascii(*text, "false")) return false;
    return std::nullopt;
}

bool is_selected(const json::Tree& value, const Filter& selection) {
    Record record;
    if (value.is(json::Kind::object)) {
        for (const auto& member : value.members()) {
            auto text = text_of(member.value);
            if (text) record.push_back({to_lower_ascii(member.name), std::move(*text)});
        }
    }
    return matches(selection, record);
}

bool is_shown(std::string_view name, std::string_view wanted, std::string_view excluded) {
    if (name == "id" || name == "schemas") return true;
    if (!wanted.empty()) return lists(wanted, name);
    return excluded.empty() || !lists(excluded, name);
}

void project(json::Tree& resource, std::string_view wanted, std::string_view excluded) {
    std::erase_if(resource.members(),
                  [&](const json::Tree::Member& member) { return !is_shown(member.name, wanted, excluded); });
}

}  // namespace fanion::cp::scim
