#include "control-plane/items/list_search.hpp"

#include <algorithm>

#include "common/base/crypto.hpp"
#include "common/base/text.hpp"
#include "control-plane/body/fields.hpp"

namespace fanion::cp::items {
namespace {

constexpr std::size_t digest_digits = 16;

std::string digest_of(QueryParameters parameters) {
    std::erase_if(parameters,
                  [](const auto& p) { return p.first == "limit" || p.first == "cursor" || p.first == "total"; });
    std::sort(parameters.begin(), parameters.end());
    std::string text;
    for (const auto& [name, value] : parameters) text += name + '=' + value + '\0';
    return to_hex(sha256(text)).substr(0, digest_digits);
}

std::string list_of(std::span<const std::string_view> names) {
    std::string text;
    for (const auto name : names)
        text += (text.empty() ? "" : name == names.back() ? " or " : ", ") + std::string(name);
    return text;
}

}  // namespace

std::optional<std::string> SearchReader::text(std::string_view name) const {
    for (const auto& [key, value] : parameters_)
        if (key == name) return value;
    return std::nullopt;
}

std::vector<std::string> SearchReader::all(std::string_view name) const {
    std::vector<std::string> found;
    for (const auto& [key, value] : parameters_)
        if (key == name) found.push_back(value);
    return found;
}

std::optional<bool> SearchReader::boolean(std::string_view name) {
    const auto value = text(name);
    if (!value) return std::nullopt;
    if (*value != "true" && *value != "false") fail(name, "malformed", "is `true` or `false`");
    return *value == "true";
}

std::optional<UnixMillis> SearchReader::time(std::string_view name) {
    const auto value = text(name);
    if (!value) return std::nullopt;
    const auto at = body::parse_time(*value);
    if (!at) findings_.push_back({"", "?" + std::string(name), "bad_time", std::string(body::time_rule)});
    return at;
}

void SearchReader::list(ListSearch& search, std::span<const std::string_view> orders) {
    search.text = text("q").value_or("");
    search.wants_total = boolean("total").value_or(false);
    search.digest = digest_of(parameters_);
    search.order = text("sort").value_or("key");
    search.is_descending = search.order.starts_with('-');
    if (search.is_descending) search.order.erase(0, 1);
    if (std::find(orders.begin(), orders.end(), search.order) == orders.end())
        fail("sort", "bad_value", "is " + list_of(orders) + ", descending with `-` before it");
}

void SearchReader::filter(ItemFilter& filter) {
    filter.tags = all("tag");
    if (filter.tags.size() > body::max_tags)
        fail("tag", "too_many", "is given at most " + std::to_string(body::max_tags) + " times");
    filter.owner = text("owner");
    const auto state = text("state");
    if (!state) return;
    filter.is_archived = *state == "archived";
    if (*state != "archived" && *state != "active") fail("state", "bad_value", "is `active` or `archived`");
}

void SearchReader::fail(std::string_view name, std::string code, const std::string& rule) {
    findings_.push_back({"", "?" + std::string(name), std::move(code), "`" + std::string(name) + "` " + rule});
}

Result<> SearchReader::finish() { return body::error_if_any(std::move(findings_)); }

std::string cursor_text(const ListSearch& search, const ListPosition& last) {
    return search.digest + last.key + ' ' + last.value;
}

Result<ListPosition> read_position(const ListSearch& search, std::string_view cursor) {
    const auto space = cursor.find(' ');
    if (!cursor.starts_with(search.digest) || space == std::string_view::npos) {
        const std::string detail = "cursor must be the `next` of a page of this list, with the same sort and filter";
        return Error{Errc::invalid_input, detail, {{"", "?cursor", "bad_cursor", detail}}};
    }
    return ListPosition{std::string(cursor.substr(space + 1)),
                        std::string(cursor.substr(digest_digits, space - digest_digits))};
}

}  // namespace fanion::cp::items
