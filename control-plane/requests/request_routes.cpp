#include "control-plane/requests/request_routes.hpp"

#include <utility>

#include "common/base/ids.hpp"
#include "control-plane/http/edit.hpp"
#include "control-plane/http/numbered_page.hpp"
#include "control-plane/identity/user_store.hpp"
#include "control-plane/projects/path_lookup.hpp"
#include "control-plane/requests/present_result.hpp"
#include "control-plane/requests/request_store.hpp"
#include "control-plane/schedules/carry_out.hpp"

namespace fanion::cp::requests {
namespace {

using boost::asio::awaitable;

bool is_state(std::string_view name) noexcept { return parse_request_state(name).has_value(); }

http::Answer handle_list_requests(http::Call& call) {
    const auto page = http::read_numbered_page(call, is_state, "draft, open, declined, withdrawn or applied");
    if (!page) co_return page.error();
    auto tx = co_await call.services.pool.begin(call.scope(), db::Mode::snapshot);
    const auto env = co_await projects::load_environment(call, tx);
    if (!env) co_return env.error();
    auto found = co_await list_requests(tx, env->env_id, page->before, page->state, page->page.limit + 1);
    const auto number_of = [](const ChangeRequest& one) { return std::to_string(one.number); };
    const auto next = http::end_page(found, page->page, number_of);
    co_return net::json_response(http::list_text(write_request, found, next));
}

http::Answer handle_get_request(http::Call& call) {
    auto tx = co_await call.services.pool.begin(call.scope(), db::Mode::snapshot);
    const auto env = co_await projects::load_environment(call, tx);
    if (!env) co_return env.error();
    const auto found = co_await find_request(tx, env->env_id, RequestId(call.param("request")));
    if (!found) co_return http::not_found("change request", "{request}");
    co_return http::resource_response(call, request_text(*found), http::etag(found->version));
}

// As it would be if it were rebased now.
http::Answer handle_preview_request(http::Call& call) {
    auto tx = co_await call.services.pool.begin(call.scope());
    const auto env = co_await projects::load_environment(call, tx);
    if (!env) co_return env.error();
    auto found = co_await find_request(tx, env->env_id, RequestId(call.param("request")));
    if (!found) co_return http::not_found("change request", "{request}");
    auto present = co_await present_result(call.services, tx, *env, *found);
    if (!present) co_return present.error();
    found->result = std::move(present->result);
    co_return net::json_response(request_text(*found));
}

awaitable<Result<>> check_reviewers(http::Edit& edit, const RequestContent& content) {
    std::vector<Finding> findings;
    for (std::size_t i = 0; i < content.reviewers.size(); ++i) {
        const auto member =
            co_await identity::find_member(edit.tx(), edit.call().org.org_id, access::UserId(content.reviewers[i]));
        if (member) continue;
        findings.push_back({"", "/reviewers/" + std::to_string(i), "unknown_member",
                            "there is no member with this id in the organisation"});
    }
    if (findings.empty()) co_return boost::system::in_place_value;
    co_return Error{Errc::unprocessable, "reviewers are members of the organisation", std::move(findings)};
}

http::EditResult create_request(http::Edit& edit) {
    auto& call = edit.call();
    const auto env = co_await projects::load_environment(call, edit.tx());
    if (!env) co_return env.error();
    auto content = read_request(edit.body(), {env->project_key, env->key});
    if (!content) co_return content.error();
    const auto reviewers = co_await check_reviewers(edit, *content);
    if (!reviewers) co_return reviewers.error();
    const auto present = co_await count_open_requests(edit.tx(), env->org_id);
    if (present >= most_requests)
        co_return http::conflict("", "limit", "an organisation has at most 500 open change requests");
    ChangeRequest request;
    request.request_id = RequestId(random_id("cr_"));
    request.state = content->is_draft ? RequestState::draft : RequestState::open;
    request.content = std::move(*content);
    request.author = schedules::creator_of(call);
    request.created_at = request.updated_at = call.now();
    auto result = co_await present_result(call.services, edit.tx(), *env, request);
    if (!result) co_return result.error();
    request.result = std::move(result->result);
    co_await insert_request(edit.tx(), *env, request);
    co_return edit.created(audit::Action::change_request_created, request.request_id.str(), request_text(request),
                           http::etag(request.version));
}

http::Answer handle_create_request(http::Call& call) { return http::edit_resource(call, create_request); }

// What is wrong with the body whichever request it changes.
Result<> check_form(const http::Edit& edit) {
    ChangeRequest any;
    any.content.is_draft = true;
    const auto content = patch_request(edit.body(), any, {edit.call().param("project"), edit.call().param("env")});
    if (!content) return content.error();
    return boost::system::in_place_value;
}

http::EditResult change_request(http::Edit& edit) {
    auto& call = edit.call();
    if (auto ok = check_form(edit); !ok) co_return ok.error();
    auto locked = co_await lock_for(edit, Step::edit);
    if (!locked) co_return locked.error();
    auto& request = locked->request;
    auto content = patch_request(edit.body(), request, {locked->env.project_key, locked->env.key});
    if (!content) co_return content.error();
    if (*content == request.content) co_return edit.unchanged(request_text(request), http::etag(request.version));
    const auto reviewers = co_await check_reviewers(edit, *content);
    if (!reviewers) co_return reviewers.error();
    request.state = content->is_draft ? RequestState::draft : RequestState::open;
    request.content = std::move(*content);
    auto result = co_await present_result(call.services, edit.tx(), locked->env, request);
    if (!result) co_return result.error();
    request.result = std::move(result->result);
    co_return co_await finish_step(edit, std::move(*locked), audit::Action::change_request_updated);
}

http::Answer handle_change_request(http::Call& call) { return http::edit_resource(call, change_request); }

using access::Permission;
using net::Method;

constexpr http::Route request_table[] = {
    {Method::get, "/api/v1/orgs/{org}/projects/{project}/environments/{env}/requests", Permission::read,
     handle_list_requests, "limit cursor state"},
    {Method::post, "/api/v1/orgs/{org}/projects/{project}/environments/{env}/requests", Permission::edit,
     handle_create_request},
    {Method::get, "/api/v1/orgs/{org}/projects/{project}/environments/{env}/requests/{request}", Permission::read,
     handle_get_request},
    {Method::patch, "/api/v1/orgs/{org}/projects/{project}/environments/{env}/requests/{request}", Permission::edit,
     handle_change_request},
    {Method::get, "/api/v1/orgs/{org}/projects/{project}/environments/{env}/requests/{request}/preview",
     Permission::read, handle_preview_request},
};

}  // namespace

std::span<const http::Route> request_routes() noexcept { return request_table; }

}  // namespace fanion::cp::requests
