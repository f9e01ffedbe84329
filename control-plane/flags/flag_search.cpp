#include "control-plane/flags/flag_search.hpp"

#include <algorithm>
#include <array>

#include "common/base/crypto.hpp"
#include "common/base/text.hpp"
#include "control-plane/body/fields.hpp"

namespace fanion::cp::flags {
namespace {

constexpr std::size_t digest_digits = 16;

constexpr std::array all_orders{FlagOrder::key, FlagOrder::name, FlagOrder::created, FlagOrder::updated,
                                FlagOrder::evaluated};

// The parameters of one request, with the findings about them.
class SearchReader {
public:
    explicit SearchReader(const QueryParameters& parameters) : parameters_(parameters) {}

    std::optional<std::string> text(std::string_view name) const {
        for (const auto& [key, value] : parameters_)
            if (key == name) return value;
        return std::nullopt;
    }
    std::vector<std::string> all(std::string_view name) const {
        std::vector<std::string> found;
        for (const auto& [key, value] : parameters_)
            if (key == name) found.push_back(value);
        return found;
    }
    std::optional<bool> boolean(std::string_view name) {
        const auto value = text(name);
        if (!value) return std::nullopt;
        if (*value != "true" && *value != "false") fail(name, "malformed", "is `true` or `false`");
        return *value == "true";
    }
    std::optional<UnixMillis> time(std::string_view name) {
        const auto value = text(name);
        if (!value) return std::nullopt;
        const auto at = body::parse_time(*value);
        if (!at) findings_.push_back({"", "?" + std::string(name), "bad_time", std::string(body::time_rule)});
        return at;
    }
    void fail(std::string_view name, std::string code, const std::string& rule) {
        findings_.push_back({"", "?" + std::string(name), std::move(code), "`" + std::string(name) + "` " + rule});
    }
    Result<> finish() { return body::error_if_any(std::move(findings_)); }

private:
    const QueryParameters& parameters_;
    std::vector<Finding> findings_;
};

void read_names(SearchReader& r, FlagFilter& filter) {
    filter.text = r.text("q").value_or("");
    filter.tags = r.all("tag");
    if (filter.tags.size() > body::max_tags)
        r.fail("tag", "too_many", "is given at most " + std::to_string(body::max_tags) + " times");
    filter.owner = r.text("owner");
    if (const auto type = r.text("type")) {
        filter.type = parse_flag_type(*type);
        if (!filter.type) r.fail("type", "bad_value", "is boolean, string, number or json");
    }
    filter.lifetime = r.text("lifetime");
    if (filter.lifetime && *filter.lifetime == "none") {
        filter.lifetime = "";
    } else if (filter.lifetime && !parse_lifetime(*filter.lifetime)) {
        r.fail("lifetime", "bad_value", "is release, experiment, operational, permission or none");
    }
    if (const auto state = r.text("state")) {
        filter.is_archived = *state == "archived";
        if (*state != "archived" && *state != "active") r.fail("state", "bad_value", "is `active` or `archived`");
    }
}

void read_use(SearchReader& r, FlagFilter& filter) {
    filter.environment = r.text("environment").value_or("");
    filter.is_enabled = r.boolean("enabled");
    if (filter.is_enabled && filter.environment.empty())
        r.fail("enabled", "missing", "goes with `environment`, the key of the one that is meant");
    filter.evaluated_after = r.time("evaluated_after");
    filter.evaluated_before = r.time("evaluated_before");
    if (const auto evaluated = r.text("evaluated")) {
        filter.is_never_evaluated = true;
        if (*evaluated != "never") r.fail("evaluated", "bad_value", "is `never`; for times see `evaluated_before`");
    }
}

void read_order(SearchReader& r, FlagSearch& search) {
    const auto given = r.text("sort").value_or("key");
    search.is_descending = given.starts_with('-');
    const auto name = std::string_view(given).substr(search.is_descending ? 1 : 0);
    const auto found = std::find_if(all_orders.begin(), all_orders.end(), [&](auto o) { return name_of(o) == name; });
    if (found == all_orders.end())
        return r.fail("sort", "bad_value",
                      "is key, name, created, updated or evaluated, descending with `-` before it");
    search.order = *found;
}

// Of everything that says which flags there are and in which order.
std::string digest_of(QueryParameters parameters) {
    std::erase_if(parameters,
                  [](const auto& p) { return p.first == "limit" || p.first == "cursor" || p.first == "total"; });
    std::sort(parameters.begin(), parameters.end());
    std::string text;
    for (const auto& [name, value] : parameters) text += name + '=' + value + '\0';
    return to_hex(sha256(text)).substr(0, digest_digits);
}

}  // namespace

std::string_view name_of(FlagOrder order) noexcept {
    switch (order) {
        case FlagOrder::key:
            return "key";
        case FlagOrder::name:
            return "name";
        case FlagOrder::created:
            return "created";
        case FlagOrder::updated:
            return "updated";
        case FlagOrder::evaluated:
            return "evaluated";
    }
    return "";
}

Result<FlagSearch> read_flag_search(const QueryParameters& parameters) {
    SearchReader r(parameters);
    FlagSearch search;
    read_names(r, search.filter);
    read_use(r, search.filter);
    read_order(r, search);
    search.wants_total = r.boolean("total").value_or(false);
    search.digest = digest_of(parameters);
    if (auto ok = r.finish(); !ok) return ok.error();
    return search;
}

std::string cursor_text(const FlagSearch& search, const FlagPosition& last) {
    return search.digest + last.key + ' ' + last.value;
}

Result<FlagPosition> read_position(const FlagSearch& search, std::string_view cursor) {
    const auto space = cursor.find(' ');
    if (!cursor.starts_with(search.digest) || space == std::string_view::npos) {
        const std::string detail = "cursor must be the `next` of a page of this list, with the same sort and filter";
        return Error{Errc::invalid_input, detail, {{"", "?cursor", "bad_cursor", detail}}};
    }
    return FlagPosition{std::string(cursor.substr(space + 1)),
                        std::string(cursor.substr(digest_digits, space - digest_digits))};
}

}  // namespace fanion::cp::flags
