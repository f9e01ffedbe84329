#pragma once

// POST .../clone: a new flag or segment like another.

#include <string>
#include <utility>
#include <vector>

#include "control-plane/items/item_edit.hpp"

namespace fanion::cp::items {

// A copy shows what it is a copy of.
template <class New>
Result<> require_read_of_copied(const http::Call& call, const New& made) {
    for (const auto& config : made.environments) {
        if (config == default_config(made.definition, config.environment, config.updated_at)) continue;
        auto ok = http::require_permission_in(call, config.environment, access::Permission::read);
        if (!ok) return ok;
    }
    return boost::system::in_place_value;
}

// `clone`: see flags::clone_flag().
template <class Kind>
http::EditResult create_clone(http::Edit& edit, const Kind& kind,
                              Result<typename Kind::New> (*clone)(const typename Kind::Definition& source,
                                                                  std::vector<typename Kind::Config> configs,
                                                                  json::Value body, UnixMillis now)) {
    auto& call = edit.call();
    edit.report_warnings();
    auto project = co_await projects::lock_project(call, edit.tx());
    if (!project) co_return project.error();
    const auto environments = co_await projects::lock_environments(edit.tx(), project->project_id);
    auto source = co_await load_row(call, edit.tx(), kind, project->project_id);
    if (!source) co_return source.error();
    auto configs = co_await load_configs(edit.tx(), kind, *source, environments);
    auto made = clone(source->definition, std::move(configs), edit.body(), call.now());
    if (!made) co_return made.error();
    if (auto ok = require_read_of_copied(call, *made); !ok) co_return ok.error();
    edit.set_places(body::Places::none());  // what is copied is not in the body
    const auto path = http::path_of(call);  // ../flags/{flag}/clone
    auto collection = path.substr(0, path.rfind('/', path.rfind('/') - 1));
    co_return co_await create_made(edit, kind, project->project_id, *made, environments, std::move(collection));
}

}  // namespace fanion::cp::items
