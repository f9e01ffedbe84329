#include "control-plane/flags/clone_routes.hpp"

#include <string>
#include <utility>

#include "control-plane/flags/flag_clone.hpp"
#include "control-plane/flags/flag_kind.hpp"
#include "control-plane/items/item_edit.hpp"

namespace fanion::cp::flags {
namespace {

// The path of the project's flags.
std::string collection_of(const http::Call& call) {
    const auto path = http::path_of(call);  // ../flags/{flag}/clone
    return path.substr(0, path.rfind('/', path.rfind('/') - 1));
}

// A copy shows what it is a copy of.
Result<> require_read_of_copied(const http::Call& call, const NewFlag& made) {
    for (const auto& config : made.environments) {
        if (config == default_config(made.definition, config.environment, config.updated_at)) continue;
        auto ok = http::require_permission_in(call, config.environment, access::Permission::read);
        if (!ok) return ok;
    }
    return boost::system::in_place_value;
}

http::EditResult create_clone(http::Edit& edit) {
    auto& call = edit.call();
    edit.report_warnings();
    auto project = co_await projects::lock_project(call, edit.tx());
    if (!project) co_return project.error();
    const auto environments = co_await projects::lock_environments(edit.tx(), project->project_id);
    auto source = co_await items::load_row(call, edit.tx(), flag_kind, project->project_id);
    if (!source) co_return source.error();
    auto configs = co_await items::load_configs(edit.tx(), flag_kind, *source, environments);
    auto made = clone_flag(source->definition, std::move(configs), edit.body(), call.now());
    if (!made) co_return made.error();
    if (auto ok = require_read_of_copied(call, *made); !ok) co_return ok.error();
    edit.set_places(body::Places::none());  // what is copied is not in the body
    auto collection = collection_of(call);
    co_return co_await items::create_made(edit, flag_kind, project->project_id, *made, environments,
                                          std::move(collection));
}

http::Answer handle_clone(http::Call& call) { return http::edit_resource(call, create_clone); }

using access::Permission;
using net::Method;

constexpr http::Route clone_table[] = {
    {Method::post, "/api/v1/orgs/{org}/projects/{project}/flags/{flag}/clone", Permission::edit, handle_clone,
     "strict dry_run"},
};

}  // namespace

std::span<const http::Route> clone_routes() noexcept { return clone_table; }

}  // namespace fanion::cp::flags
