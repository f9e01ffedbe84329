#pragma once

// From the names in a path to the rows of a flag or a segment, and the handlers that only read.

#include <boost/asio/awaitable.hpp>
#include <optional>
#include <utility>
#include <vector>

#include "control-plane/http/call.hpp"
#include "control-plane/http/lists.hpp"
#include "control-plane/items/item_kind.hpp"
#include "control-plane/items/list_search.hpp"
#include "control-plane/projects/path_lookup.hpp"

namespace fanion::cp::items {

// Error: not_found, also for one that was deleted.
template <class Kind>
boost::asio::awaitable<Result<typename Kind::Row>> load_row(http::Call& call, db::Transaction& tx, const Kind& kind,
                                                            access::ProjectId project_id) {
    auto row = co_await kind.find(tx, project_id, call.param(kind.name));
    if (!row || row->is_deleted) co_return http::not_found(kind.name, '{' + std::string(kind.name) + '}');
    co_return std::move(*row);
}

template <class Kind>
using ConfiguredItem = Configured<typename Kind::Row, typename Kind::Config>;

// The row with its configuration in `env`. Error: not_found.
template <class Kind>
boost::asio::awaitable<Result<ConfiguredItem<Kind>>> load_configured(http::Call& call, db::Transaction& tx,
                                                                     const Kind& kind,
                                                                     const projects::Environment& env) {
    auto found = co_await kind.find_configured(tx, env, call.param(kind.name));
    if (!found || found->row.is_deleted) co_return http::not_found(kind.name, '{' + std::string(kind.name) + '}');
    co_return std::move(*found);
}

// Leaves out what is in environments that the caller may not read.
inline void keep_readable(const http::Call& call, FoundUses& found) {
    std::erase_if(found.uses, [&](const Use& use) { return !call.may_read_in(use.environment); });
}

// What a list is asked for. `read`: that of the kind. Errors: invalid_input.
template <class Search>
Result<Search> read_search(http::Call& call, Result<Search> (*read)(const QueryParameters&)) {
    const auto page = http::read_page(call);
    if (!page) return page.error();
    const auto parameters = call.request.query_parameters();
    if (!parameters) return parameters.error();
    auto search = read(*parameters);
    if (!search) return search.error();
    search->limit = page->limit;
    if (page->after.empty()) return search;
    auto after = read_position(*search, page->after);
    if (!after) return after.error();
    search->after = std::move(*after);
    return search;
}

// {"items":[..],"next":".."} with `total` where it was asked for.
template <class WriteItems, class Row>
std::string list_text(const WriteItems& write_items, const ListSearch& search, const FoundList<Row>& found) {
    std::optional<std::string> next;
    if (found.next) next = http::cursor_after(cursor_text(search, *found.next));
    auto text = http::page_text(write_items, next);
    if (search.wants_total) text.insert(text.size() - 1, ",\"total\":" + std::to_string(found.total));
    return text;
}

template <class Kind>
http::Answer get_definition(http::Call& call, const Kind& kind) {
    auto tx = co_await call.services.pool.begin(call.scope(), db::Mode::snapshot);
    auto project = co_await projects::load_project(call, tx);
    if (!project) co_return project.error();
    auto row = co_await load_row(call, tx, kind, project->project_id);
    if (!row) co_return row.error();
    co_return http::resource_response(call, to_json(row->definition), http::etag(row->definition.version));
}

template <class Kind>
http::Answer get_config(http::Call& call, const Kind& kind) {
    auto tx = co_await call.services.pool.begin(call.scope(), db::Mode::snapshot);
    auto env = co_await projects::load_environment(call, tx);
    if (!env) co_return env.error();
    auto found = co_await load_configured(call, tx, kind, *env);
    if (!found) co_return found.error();
    auto text = to_json(found->row.definition.key, found->config);
    co_return http::resource_response(call, std::move(text), http::etag(found->config.version));
}

}  // namespace fanion::cp::items
