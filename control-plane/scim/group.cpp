#include "control-plane/scim/group.hpp"

#include <algorithm>
#include <utility>

#include "control-plane/groups/group_roles.hpp"
#include "control-plane/scim/attributes.hpp"
#include "control-plane/scim/user.hpp"

namespace fanion::cp::scim {
namespace {

Result<std::string> read_display_name(const json::Tree* value) {
    if (!value || value->is(json::Kind::null))
        return bad_value("/displayName", "invalidValue", "`displayName` is required");
    if (!value->is(json::Kind::string)) return bad_value("/displayName", "invalidValue", "this must be a string");
    const std::string text(value->as_string());
    if (text.empty()) return bad_value("/displayName", "invalidValue", "`displayName` is required");
    if (text.size() <= groups::max_name_bytes) return text;
    return bad_value("/displayName", "invalidValue",
                     "this has at most " + std::to_string(groups::max_name_bytes) + " bytes");
}

Result<std::optional<std::string>> read_external_id(const json::Tree* value) {
    if (!value || value->is(json::Kind::null)) return std::optional<std::string>();
    if (!value->is(json::Kind::string) || value->as_string().size() > max_text_bytes)
        return bad_value("/externalId", "invalidValue", "`externalId` is a string of at most 256 bytes");
    if (value->as_string().empty()) return std::optional<std::string>();
    return std::optional<std::string>(value->as_string());
}

// [{"value":"u_.."}], one such object, or ids alone.
Result<> add_members(const json::Tree& given, const std::string& pointer, std::vector<std::string>& ids) {
    if (given.is(json::Kind::array)) {
        for (const auto& one : given.elements()) {
            if (one.is(json::Kind::array)) return bad_value(pointer, "invalidValue", "a member is an object");
            if (auto ok = add_members(one, pointer, ids); !ok) return ok;
        }
        return boost::system::in_place_value;
    }
    const auto* value = given.is(json::Kind::object) ? find_attribute(given, "value") : &given;
    if (!value || !value->is(json::Kind::string) || value->as_string().empty())
        return bad_value(pointer, "invalidValue", "a member has the `value`: the id of a user");
    if (value->as_string().size() > max_text_bytes) return bad_value(pointer, "invalidValue", "there is no such user");
    if (ids.size() == max_members_named) {
        return bad_value(pointer, "tooMany",
                         "a request names at most " + std::to_string(max_members_named) + " members");
    }
    ids.push_back(value->as_string());
    return boost::system::in_place_value;
}

void sort_once(std::vector<std::string>& ids) {
    std::ranges::sort(ids);
    const auto repeated = std::ranges::unique(ids);
    ids.erase(repeated.begin(), repeated.end());
}

// members[value eq "a" or value eq "b"]
Result<> add_selected(const Filter& filter, const std::string& pointer, std::vector<std::string>& ids) {
    if (filter.op == FilterOp::any_of) {
        for (const auto& part : filter.parts)
            if (auto ok = add_selected(part, pointer, ids); !ok) return ok;
        return boost::system::in_place_value;
    }
    if (filter.op != FilterOp::eq || filter.path != "value")
        return bad_value(pointer + "/path", "invalidFilter", "members are selected by `value eq`");
    return add_members(json::Tree::string(filter.value), pointer, ids);
}

Result<MemberStep> read_step(const Operation& operation) {
    MemberStep step;
    const auto& path = *operation.path;
    if (!path.part.empty() && path.part != "value")
        return bad_value(operation.pointer + "/path", "mutability", "of a member, `value` alone is set");
    if (operation.kind != OpKind::remove) {
        step.kind = operation.kind == OpKind::add ? MemberStep::Kind::add : MemberStep::Kind::replace;
        if (path.selection)
            return bad_value(operation.pointer + "/path", "invalidPath",
                             "members are added and replaced without a filter");
        if (auto ok = add_members(operation.value, operation.pointer + "/value", step.ids); !ok) return ok.error();
        return step;
    }
    step.kind = MemberStep::Kind::remove;
    Result<> ok = boost::system::in_place_value;
    if (path.selection) {
        ok = add_selected(*path.selection, operation.pointer, step.ids);
    } else if (operation.value.is(json::Kind::null)) {
        step.kind = MemberStep::Kind::replace;  // by none
    } else {
        ok = add_members(operation.value, operation.pointer + "/value", step.ids);
    }
    if (!ok) return ok.error();
    return step;
}

Result<> take_operation(const Operation& operation, GroupPatch& patch, std::size_t& named) {
    const auto& attribute = operation.path->attribute;
    const auto* value = operation.kind == OpKind::remove ? nullptr : &operation.value;
    if (attribute == "members") {
        auto step = read_step(operation);
        if (!step) return step.error();
        named += step->ids.size();
        if (named > max_members_named) {
            return bad_value(operation.pointer, "tooMany",
                             "a request names at most " + std::to_string(max_members_named) + " members");
        }
        sort_once(step->ids);
        patch.steps.push_back(std::move(*step));
    } else if (attribute == "displayname") {
        auto name = read_display_name(value);
        if (!name) return name.error();
        patch.display_name = std::move(*name);
    } else if (attribute == "externalid") {
        auto id = read_external_id(value);
        if (!id) return id.error();
        patch.external_id = std::move(*id);
    } else if (attribute == "meta") {
        return bad_value(operation.pointer + "/path", "mutability", "the service itself sets `meta`");
    }
    return boost::system::in_place_value;  // `id` as it is, and what is not kept
}

}  // namespace

Result<GroupContent> read_group(json::Value body) {
    const json::Tree resource(body);
    GroupContent group;
    auto name = read_display_name(find_attribute(resource, "displayName"));
    if (!name) return name.error();
    group.display_name = std::move(*name);
    auto external_id = read_external_id(find_attribute(resource, "externalId"));
    if (!external_id) return external_id.error();
    group.external_id = std::move(*external_id);
    const auto* members = find_attribute(resource, "members");
    if (members && !members->is(json::Kind::null)) {
        if (auto ok = add_members(*members, "/members", group.members); !ok) return ok.error();
    }
    sort_once(group.members);
    return group;
}

Result<GroupPatch> read_group_patch(json::Value body) {
    auto operations = read_operations(body);
    if (!operations) return operations.error();
    GroupPatch patch;
    std::size_t named = 0;
    for (auto& operation : *operations) {
        auto parts = with_paths(std::move(operation));
        if (!parts) return parts.error();
        for (const auto& part : *parts)
            if (auto ok = take_operation(part, patch, named); !ok) return ok.error();
    }
    return patch;
}

}  // namespace fanion::cp::scim
