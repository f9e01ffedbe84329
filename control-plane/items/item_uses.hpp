#pragma once

// GET .../uses: what depends on a flag or a segment, and so what would break without it. From the
// stored configurations, so archived flags are among the answers.

#include <boost/asio/awaitable.hpp>
#include <string>
#include <utility>

#include "control-plane/http/call.hpp"
#include "control-plane/items/item_kind.hpp"
#include "control-plane/items/item_lookup.hpp"
#include "control-plane/items/use_store.hpp"

namespace fanion::cp::items {

inline net::Response uses_response(const FoundUses& found) {
    return net::json_response(body::object_text([&](json::Writer& w) {
        w.key("items");
        write_uses(w, found.uses);
        w.member("has_more", found.has_more);
    }));
}

// The environment that `?environment=` names, or all. Error: not_found.
inline boost::asio::awaitable<Result<std::string>> read_environment(http::Call& call, db::Transaction& tx,
                                                                    access::ProjectId project_id) {
    auto key = call.request.query("environment").value_or("");
    if (key.empty()) co_return key;
    const auto env = co_await projects::find_environment(tx, std::move(project_id), key);
    if (!env || !call.may_read_in(key)) co_return http::not_found("environment", "?environment");
    co_return key;
}

template <class Kind>
http::Answer get_uses(http::Call& call, const Kind& kind) {
    auto tx = co_await call.services.pool.begin(call.scope(), db::Mode::snapshot);
    auto project = co_await projects::load_project(call, tx);
    if (!project) co_return project.error();
    auto row = co_await load_row(call, tx, kind, project->project_id);
    if (!row) co_return row.error();
    auto environment = co_await read_environment(call, tx, project->project_id);
    if (!environment) co_return environment.error();
    auto found = co_await kind.find_uses(tx, project->project_id, row->definition.key, *environment);
    keep_readable(call, found);
    co_return uses_response(found);
}

}  // namespace fanion::cp::items
