#include "control-plane/scim/patch.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include "common/base/text.hpp"
#include "control-plane/scim/attributes.hpp"

namespace fanion::cp::scim {
namespace {

std::optional<OpKind> kind_named(std::string_view word) noexcept {
    if (equals_ignore_case_ascii(word, "add")) return OpKind::add;
    if (equals_ignore_case_ascii(word, "replace")) return OpKind::replace;
    if (equals_ignore_case_ascii(word, "remove")) return OpKind::remove;
    return std::nullopt;
}

// The error with its place in the body before it.
Error placed(Error error, const std::string& pointer) {
    for (auto& finding : error.findings) finding.pointer = pointer + finding.pointer;
    return error;
}

Result<Operation> read_operation(const json::Tree& given, std::string pointer) {
    const auto* op = find_attribute(given, "op");
    const auto kind = op && op->is(json::Kind::string) ? kind_named(op->as_string()) : std::nullopt;
    if (!kind) return bad_value(pointer + "/op", "invalidSyntax", "`op` is add, replace or remove");
    Operation operation{*kind, std::nullopt, {}, std::move(pointer)};
    if (const auto* path = find_attribute(given, "path"); path && !path->is(json::Kind::null)) {
        if (!path->is(json::Kind::string))
            return bad_value(operation.pointer + "/path", "invalidPath", "a path is a string");
        auto parsed = parse_path(path->as_string());
        if (!parsed) return placed(parsed.error(), operation.pointer);
        operation.path = std::move(*parsed);
    }
    if (const auto* value = find_attribute(given, "value")) operation.value = *value;
    return operation;
}

constexpr std::array<std::string_view, 4> read_only{"id", "meta", "schemas", "groups"};

// As the attribute is written in the resource, where there is none yet.
std::string_view spelled(std::string_view name) noexcept {
    constexpr std::array<std::string_view, 9> known{"userName",  "displayName", "externalId", "givenName", "familyName",
                                                    "formatted", "emails",      "active",     "primary"};
    for (const auto one : known)
        if (equals_ignore_case_ascii(one, name)) return one;
    return name;
}

bool is_list_of_values(std::string_view name) noexcept { return name == "emails"; }

void append(json::Tree& list, const json::Tree& value) {
    if (!list.is(json::Kind::array)) list = json::Tree::array();
    if (value.is(json::Kind::array)) {
        for (const auto& one : value.elements()) append(list, one);
        return;
    }
    auto& elements = list.elements();
    if (std::ranges::find(elements, value) == elements.end()) elements.push_back(value);
}

// At most one value is the primary one: the one that was set last.
void keep_one_primary(json::Tree& list, const json::Tree& chosen) {
    const auto* primary = find_attribute(chosen, "primary");
    if (!primary || truth_of(*primary) != true) return;
    for (auto& one : list.elements())
        if (!(one == chosen)) remove_attribute(one, "primary");
}

void merge(json::Tree& object, const json::Tree& value) {
    for (const auto& member : value.members()) attribute(object, spelled(member.name)) = member.value;
}

void set_whole(json::Tree& resource, const Operation& operation) {
    auto& present = attribute(resource, spelled(operation.path->attribute));
    const auto& value = operation.value;
    if (is_list_of_values(operation.path->attribute)) {
        if (operation.kind == OpKind::replace) present = json::Tree::array();
        append(present, value);
        if (value.is(json::Kind::object)) keep_one_primary(present, value);
        return;
    }
    if (value.is(json::Kind::object) && present.is(json::Kind::object)) {
        merge(present, value);
        return;
    }
    present = value;
}

// The value that a filter of comparisons by `eq` describes; none of any other filter.
std::optional<json::Tree> described(const Filter& filter) {
    auto made = json::Tree::object();
    const auto add = [&](const Filter& one) {
        if (one.op != FilterOp::eq || one.path.find('.') != std::string::npos) return false;
        const bool is_truth = one.value == "true" || one.value == "false";
        attribute(made, spelled(one.path)) =
            is_truth ? json::Tree::boolean(one.value == "true") : json::Tree::string(one.value);
        return true;
    };
    const bool is_plain = filter.op == FilterOp::all_of ? std::ranges::all_of(filter.parts, add) : add(filter);
    if (!is_plain) return std::nullopt;
    return made;
}

Result<> set_selected(json::Tree& resource, const Operation& operation) {
    const auto& path = *operation.path;
    auto& list = attribute(resource, spelled(path.attribute));
    if (!list.is(json::Kind::array)) list = json::Tree::array();
    const auto chosen = [&](const json::Tree& one) { return !path.selection || is_selected(one, *path.selection); };
    if (path.selection && std::ranges::none_of(list.elements(), chosen)) {
        auto made = described(*path.selection);
        if (!made) return bad_value(operation.pointer + "/path", "noTarget", "no value meets the filter");
        list.elements().push_back(std::move(*made));
    }
    for (auto& one : list.elements()) {
        if (!chosen(one)) continue;
        if (!path.part.empty()) {
            attribute(one, spelled(path.part)) = operation.value;
        } else if (operation.value.is(json::Kind::object)) {
            merge(one, operation.value);
        } else {
            return bad_value(operation.pointer + "/value", "invalidValue", "the value must be an object");
        }
    }
    return boost::system::in_place_value;
}

void remove_selected(json::Tree& resource, const Path& path) {
    auto* list = find_attribute(resource, path.attribute);
    if (!list || !list->is(json::Kind::array)) return;
    const auto chosen = [&](const json::Tree& one) { return !path.selection || is_selected(one, *path.selection); };
    if (path.part.empty()) {
        std::erase_if(list->elements(), chosen);
        return;
    }
    for (auto& one : list->elements())
        if (chosen(one)) remove_attribute(one, path.part);
}

void remove_at(json::Tree& resource, const Path& path) {
    if (path.selection || is_list_of_values(path.attribute)) {
        if (path.selection || !path.part.empty()) return remove_selected(resource, path);
    }
    if (path.part.empty()) return remove_attribute(resource, path.attribute);
    if (auto* object = find_attribute(resource, path.attribute)) remove_attribute(*object, path.part);
}

}  // namespace

Result<std::vector<Operation>> read_operations(json::Value body) {
    const json::Tree given(body);
    const auto* list = find_attribute(given, "Operations");
    if (!list || !list->is(json::Kind::array) || list->elements().empty())
        return bad_value("/Operations", "invalidSyntax", "`Operations` is a list of at least one operation");
    if (list->elements().size() > max_operations) {
        return bad_value("/Operations", "tooMany",
                         "there are at most " + std::to_string(max_operations) + " operations in a request");
    }
    std::vector<Operation> operations;
    for (const auto& one : list->elements()) {
        auto operation = read_operation(one, "/Operations/" + std::to_string(operations.size()));
        if (!operation) return operation.error();
        operations.push_back(std::move(*operation));
    }
    return operations;
}

Result<std::vector<Operation>> with_paths(Operation operation) {
    std::vector<Operation> found;
    if (operation.path) {
        found.push_back(std::move(operation));
        return found;
    }
    if (operation.kind == OpKind::remove) return bad_value(operation.pointer, "noTarget", "`remove` needs a path");
    if (!operation.value.is(json::Kind::object)) {
        return bad_value(operation.pointer + "/value", "invalidValue",
                         "without a path, the value is an object of attributes");
    }
    for (const auto& member : operation.value.members()) {
        auto path = parse_path(member.name);
        if (!path) return placed(path.error(), operation.pointer);
        found.push_back({operation.kind, std::move(*path), member.value, operation.pointer});
    }
    return found;
}

Result<> apply_operation(json::Tree& resource, const Operation& operation) {
    const auto& path = *operation.path;
    if (std::ranges::find(read_only, path.attribute) != read_only.end()) {
        return bad_value(operation.pointer + "/path", "mutability", "the service itself sets `" + path.attribute + '`');
    }
    if (operation.kind == OpKind::remove) {
        remove_at(resource, path);
        return boost::system::in_place_value;
    }
    if (path.selection || (is_list_of_values(path.attribute) && !path.part.empty()))
        return set_selected(resource, operation);
    if (path.part.empty()) {
        set_whole(resource, operation);
    } else {
        attribute(attribute(resource, spelled(path.attribute)), spelled(path.part)) = operation.value;
    }
    return boost::system::in_place_value;
}

}  // namespace fanion::cp::scim
