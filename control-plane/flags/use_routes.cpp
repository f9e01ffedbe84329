#include "control-plane/flags/use_routes.hpp"

#include "control-plane/flags/flag_kind.hpp"
#include "control-plane/flags/variation_uses.hpp"
#include "control-plane/items/item_uses.hpp"

namespace fanion::cp::flags {
namespace {

using boost::asio::awaitable;

// Where the flag itself serves the variation.
awaitable<void> add_own_uses(db::Transaction& tx, const projects::Project& project, const Flag& flag,
                             const std::string& variation, const std::string& environment, items::FoundUses& found) {
    const auto environments = co_await projects::list_environments(tx, project.project_id);
    for (const auto& env : environments) {
        if (!environment.empty() && env.key != environment) continue;
        const auto config = co_await find_flag_config(tx, flag, env.env_id);
        if (!config) continue;
        const auto places = uses_of_variation(config->config, variation);
        for (const auto& place : places)
            found.uses.push_back({"flag", flag.definition.key, flag.definition.archived, env.key, place});
    }
}

http::Answer handle_get_flag_uses(http::Call& call) {
    const auto variation = call.request.query("variation");
    if (!variation) co_return co_await items::get_uses(call, flag_kind);
    auto tx = co_await call.services.pool.begin(call.scope(), db::Mode::snapshot);
    auto project = co_await projects::load_project(call, tx);
    if (!project) co_return project.error();
    auto flag = co_await items::load_row(call, tx, flag_kind, project->project_id);
    if (!flag) co_return flag.error();
    if (!has_variation(flag->definition, *variation)) co_return http::not_found("variation", "?variation");
    auto environment = co_await items::read_environment(call, tx, project->project_id);
    if (!environment) co_return environment.error();
    items::FoundUses found;
    co_await add_own_uses(tx, *project, *flag, *variation, *environment, found);
    const auto others =
        co_await items::find_flag_uses(tx, project->project_id, flag->definition.key, *variation, *environment);
    found.uses.insert(found.uses.end(), others.uses.begin(), others.uses.end());
    found.has_more = others.has_more;
    items::keep_readable(call, found);
    co_return items::uses_response(found);
}

using access::Permission;
using net::Method;

constexpr http::Route use_table[] = {
    {Method::get, "/api/v1/orgs/{org}/projects/{project}/flags/{flag}/uses", Permission::read, handle_get_flag_uses,
     "variation environment"},
};

}  // namespace

std::span<const http::Route> use_routes() noexcept { return use_table; }

}  // namespace fanion::cp::flags
