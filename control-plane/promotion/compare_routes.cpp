#include "control-plane/promotion/compare_routes.hpp"

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "control-plane/flags/flag_store.hpp"
#include "control-plane/http/call.hpp"
#include "control-plane/http/lists.hpp"
#include "control-plane/projects/path_lookup.hpp"
#include "control-plane/promotion/comparison_store.hpp"
#include "control-plane/promotion/environment_change.hpp"
#include "control-plane/segments/segment_store.hpp"

namespace fanion::cp::promotion {
namespace {

using boost::asio::awaitable;

Error bad_compare_query(std::string_view name, std::string code, std::string detail, Errc kind = Errc::invalid_input) {
    return {kind, detail, {{"", "?" + std::string(name), std::move(code), detail}}};
}

struct CompareQuery {
    std::string with;
    std::string flag;
    std::string segment;
    ComparisonPage page;
};

Result<CompareQuery> read_compare_query(http::Call& call) {
    CompareQuery query;
    query.with = call.request.query("with").value_or("");
    query.flag = call.request.query("flag").value_or("");
    query.segment = call.request.query("segment").value_or("");
    if (!query.flag.empty() && !query.segment.empty()) {
        return bad_compare_query("segment", "conflict", "give `flag` or `segment`, not both");
    }
    auto page = http::read_page(call);
    if (!page) return page.error();
    query.page.after = std::move(page->after);
    query.page.limit = page->limit;
    if (!query.flag.empty()) query.page.item = "flag/" + query.flag;
    if (!query.segment.empty()) query.page.item = "segment/" + query.segment;
    return query;
}

// Error: not_found.
awaitable<Result<>> check_named(db::Transaction& tx, const access::ProjectId& project_id, const CompareQuery& query) {
    if (!query.flag.empty()) {
        const auto flag = co_await flags::find_flag(tx, project_id, query.flag);
        if (!flag || flag->is_deleted)
            co_return bad_compare_query("flag", "unknown_flag", "no such flag", Errc::not_found);
    }
    if (!query.segment.empty()) {
        const auto segment = co_await segments::find_segment(tx, project_id, query.segment);
        if (!segment || segment->is_deleted) {
            co_return bad_compare_query("segment", "unknown_segment", "no such segment", Errc::not_found);
        }
    }
    co_return boost::system::in_place_value;
}

struct Comparison {
    projects::Environment from;
    projects::Environment to;
    items::FoundPage<DifferingItem> found;
};

std::string comparison_text(const Comparison& comparison) {
    const auto& [from, to, found] = comparison;
    std::optional<std::string> next;
    if (found.has_more) next = http::cursor_after(found.rows.back().item);
    std::string out;
    json::Writer w(out);
    w.begin_object().member("from", from.key).member("to", to.key);
    w.member("from_version", wire::to_string(from.version)).member("to_version", wire::to_string(to.version));
    w.key("items").begin_array();
    for (const auto& row : found.rows) {
        const auto differences = content_differences(row.from, row.to);
        if (!differences.empty()) write_item_differences(w, row.item, differences);
    }
    w.end_array();
    http::write_next(w, next);
    w.end_object();
    return out;
}

awaitable<Result<Comparison>> load_comparison(http::Call& call, const CompareQuery& query) {
    auto tx = co_await call.services.pool.begin(call.scope(), db::Mode::snapshot);
    const auto from = co_await projects::load_environment(call, tx);
    if (!from) co_return from.error();
    if (query.with.empty()) {
        co_return bad_compare_query("with", "missing", "`with` names the environment to compare with");
    }
    const auto to = co_await projects::find_environment(tx, from->project_id, query.with);
    if (!to || !call.may_read_in(query.with)) {
        co_return bad_compare_query("with", "unknown_environment", "the project has no such environment",
                                    Errc::not_found);
    }
    const auto known = co_await check_named(tx, from->project_id, query);
    if (!known) co_return known.error();
    auto found = co_await list_differing(tx, from->project_id, from->env_id, to->env_id, query.page);
    co_return Comparison{*from, *to, std::move(found)};
}

http::Answer handle_compare(http::Call& call) {
    const auto query = read_compare_query(call);
    if (!query) co_return query.error();
    auto comparison = co_await load_comparison(call, *query);
    if (!comparison) co_return comparison.error();
    auto work = [held = std::move(*comparison)] { return comparison_text(held); };
    auto text = co_await call.services.blocking.compute(std::move(work));
    co_return net::json_response(std::move(text));
}

using access::Permission;
using net::Method;

constexpr http::Route compare_table[] = {
    {Method::get, "/api/v1/orgs/{org}/projects/{project}/environments/{env}/compare", Permission::read, handle_compare,
     "with flag segment limit cursor"},
};

}  // namespace

std::span<const http::Route> compare_routes() noexcept { return compare_table; }

}  // namespace fanion::cp::promotion
