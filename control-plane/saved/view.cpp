#include "control-plane/saved/view.hpp"

#include <algorithm>
#include <array>
#include <string_view>

#include "control-plane/body/fields.hpp"
#include "control-plane/body/json_text.hpp"
#include "control-plane/flags/flag_search.hpp"

namespace fanion::cp::saved {
namespace {

constexpr std::size_t text_bytes = 500;
// What the index of a project's flags has of each.
constexpr std::array<std::string_view, 10> all_columns{"key",      "name",    "type",       "tags",  "owner",
                                                       "lifetime", "version", "updated_at", "stale", "environments"};
// Members of a filter that are texts, under the names of the list's parameters.
constexpr std::array<std::string_view, 8> text_members{
    "q", "owner", "type", "lifetime", "state", "evaluated", "evaluated_after", "evaluated_before"};

items::QueryParameters read_filter(json::Reader& r) {
    items::QueryParameters parameters;
    auto given = r.optional_object("filter");
    if (!given) return parameters;
    for (const auto name : text_members) {
        if (given->has(name)) parameters.emplace_back(name, body::read_text(*given, name, text_bytes));
    }
    for (auto& tag : body::read_tags(*given, "tag")) parameters.emplace_back("tag", std::move(tag));
    if (given->has("enabled")) parameters.emplace_back("enabled", given->boolean("enabled") ? "true" : "false");
    given->finish(json::UnknownFields::refuse);
    return parameters;
}

// "?tag" is at /filter/tag, and "?sort" at /sort.
std::string place_of_parameter(std::string_view pointer) {
    const auto name = pointer.substr(1);
    const bool is_in_filter = name != "sort" && name != "environment";
    return (is_in_filter ? "/filter/" : "/") + std::string(name);
}

void check_search(const items::QueryParameters& parameters, std::vector<Finding>& findings) {
    const auto search = flags::read_flag_search(parameters);
    if (search) return;
    for (auto finding : search.error().findings) {
        finding.pointer = place_of_parameter(finding.pointer);
        findings.push_back(std::move(finding));
    }
}

std::vector<std::string> read_columns(json::Reader& r) {
    const auto given = r.optional_any("columns");
    if (given && given.is(json::Kind::array) && given.size() > all_columns.size()) {
        r.fail_at("columns", "too_many", "there are " + std::to_string(all_columns.size()) + " columns");
        return {};
    }
    std::vector<std::string> columns;
    for (auto element : r.array("columns")) {
        const auto value = element.value();
        std::string name(value.is(json::Kind::string) ? value.as_string() : "");
        if (std::find(all_columns.begin(), all_columns.end(), name) == all_columns.end()) {
            element.fail("bad_value", "a column is a member of the flags in the index, as `key` or `updated_at`");
        } else if (std::find(columns.begin(), columns.end(), name) != columns.end()) {
            element.fail("duplicate", "a column is named once");
        }
        columns.push_back(std::move(name));
    }
    return columns;
}

}  // namespace

std::string read_view(json::Reader& r, const std::string& environment, std::vector<Finding>& findings) {
    const auto before = findings.size();
    auto parameters = read_filter(r);
    const auto filter = r.optional_any("filter");
    const auto sort = body::read_text(r, "sort", text_bytes, "key");
    const auto columns = read_columns(r);
    if (findings.size() > before) return "{}";
    parameters.emplace_back("sort", sort);
    if (!environment.empty()) parameters.emplace_back("environment", environment);
    check_search(parameters, findings);
    return body::object_text([&](json::Writer& w) {
        w.key("filter").raw(filter && filter.is(json::Kind::object) ? filter.to_text() : "{}");
        w.member("sort", sort).key("columns").begin_array();
        for (const auto& column : columns) w.string(column);
        w.end_array();
    });
}

}  // namespace fanion::cp::saved
