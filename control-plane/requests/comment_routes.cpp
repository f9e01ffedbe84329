#include <utility>

#include "common/base/text.hpp"
#include "control-plane/body/json_text.hpp"
#include "control-plane/http/edit.hpp"
#include "control-plane/projects/path_lookup.hpp"
#include "control-plane/requests/present_result.hpp"
#include "control-plane/requests/request_routes.hpp"
#include "control-plane/requests/request_store.hpp"
#include "control-plane/schedules/carry_out.hpp"

namespace fanion::cp::requests {
namespace {

using boost::asio::awaitable;

awaitable<Result<ChangeRequest>> load_request(http::Call& call, db::Transaction& tx, bool is_to_lock) {
    const auto env = co_await projects::load_environment(call, tx);
    if (!env) co_return env.error();
    RequestId request_id(call.param("request"));
    auto reading = is_to_lock ? lock_request(tx, env->env_id, std::move(request_id))
                              : find_request(tx, env->env_id, std::move(request_id));
    auto found = co_await std::move(reading);
    if (!found) co_return http::not_found("change request", "{request}");
    co_return std::move(*found);
}

void write_comment(json::Writer& w, const RequestComment& comment) {
    w.begin_object().member("number", comment.number).key("author");
    schedules::write_creator(w, comment.author);
    w.member("text", comment.content.text);
    if (!comment.content.line.empty()) w.member("line", comment.content.line);
    w.member("at", format_rfc3339(comment.at)).end_object();
}

http::Answer handle_list_comments(http::Call& call) {
    const auto page = http::read_page(call);
    if (!page) co_return page.error();
    const auto after = page->after.empty() ? std::optional<std::uint64_t>(0) : parse_u64(page->after);
    constexpr std::uint64_t most = 1ULL << 62;
    if (!after || *after > most)
        co_return Error{Errc::invalid_input,
                        "cursor must be the `next` of a page of this list",
                        {{"", "?cursor", "bad_cursor", "cursor must be the `next` of a page of this list"}}};
    auto tx = co_await call.services.pool.begin(call.scope(), db::Mode::snapshot);
    const auto request = co_await load_request(call, tx, false);
    if (!request) co_return request.error();
    auto found = co_await list_comments(tx, request->request_id, *after, page->limit + 1);
    const auto number_of = [](const RequestComment& one) { return std::to_string(one.number); };
    const auto next = http::end_page(found, *page, number_of);
    co_return net::json_response(http::list_text(write_comment, found, next));
}

// Also after its end: it may be what people learn from.
http::EditResult add_comment(http::Edit& edit, CommentText content) {
    auto& call = edit.call();
    const auto request = co_await load_request(call, edit.tx(), true);
    if (!request) co_return request.error();
    const auto present = co_await count_comments(edit.tx(), request->request_id);
    if (present >= most_comments) co_return http::conflict("", "limit", "a request has at most 500 comments");
    RequestComment comment{0, schedules::creator_of(call), std::move(content), call.now()};
    comment.number = co_await insert_comment(edit.tx(), call.org.org_id, request->request_id, comment);
    const auto after = body::text_of([&](json::Writer& w) { write_comment(w, comment); });
    http::AuditRecord record{audit::Action::change_request_commented, resource_of_request(call, request->request_id),
                             std::nullopt, after};
    co_return http::EditOutcome{net::json_response(after, 201), std::move(record)};
}

http::Answer handle_add_comment(http::Call& call) {
    return http::edit_resource(call, read_request_comment, add_comment);
}

using access::Permission;
using net::Method;

constexpr http::Route comment_table[] = {
    {Method::get, "/api/v1/orgs/{org}/projects/{project}/environments/{env}/requests/{request}/comments",
     Permission::read, handle_list_comments, "limit cursor"},
    {Method::post, "/api/v1/orgs/{org}/projects/{project}/environments/{env}/requests/{request}/comments",
     Permission::edit, handle_add_comment},
};

}  // namespace

std::span<const http::Route> comment_routes() noexcept { return comment_table; }

}  // namespace fanion::cp::requests
