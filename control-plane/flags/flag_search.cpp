#include "control-plane/flags/flag_search.hpp"

#include <array>

namespace fanion::cp::flags {
namespace {

using items::SearchReader;

constexpr std::array<std::string_view, 5> flag_orders{"key", "name", "created", "updated", "evaluated"};

void read_names(SearchReader& r, FlagFilter& filter) {
    r.filter(filter);
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

}  // namespace

bool depends_on_evaluations(const FlagSearch& search) noexcept {
    const auto& filter = search.filter;
    return filter.is_never_evaluated || filter.evaluated_after || filter.evaluated_before ||
           search.order == "evaluated";
}

Result<FlagSearch> read_flag_search(const items::QueryParameters& parameters) {
    SearchReader r(parameters);
    FlagSearch search;
    r.list(search, flag_orders);
    read_names(r, search.filter);
    read_use(r, search.filter);
    if (auto ok = r.finish(); !ok) return ok.error();
    return search;
}

}  // namespace fanion::cp::flags
