#include "control-plane/segments/member_routes.hpp"

#include <memory>
#include <utility>

#include "control-plane/items/item_lookup.hpp"
#include "control-plane/segments/member_edit.hpp"
#include "control-plane/segments/segment_kind.hpp"
#include "control-plane/segments/value_body.hpp"

namespace fanion::cp::segments {
namespace {

std::string page_json(const SegmentEnvironment& config, const MemberList& list, const MemberPage& page) {
    std::optional<std::string> next;
    if (page.has_more) next = http::cursor_after(page.values.back());
    auto text = http::page_text(
        [&](json::Writer& w) {
            for (const auto& value : page.values) w.string(value);
        },
        next);
    text.pop_back();
    text += ",\"total\":" + std::to_string(count_members(config.members, list)) + ",\"lists\":[";
    for (const auto& count : count_all_members(config.members)) {
        if (text.back() != '[') text += ',';
        json::Writer w(text);
        w.begin_object().member("list", name_of(count.side)).member("attribute", count.attribute);
        w.member("values", std::uint64_t{count.values}).end_object();
    }
    return text + "]}";
}

http::Answer handle_list_members(http::Call& call) {
    const auto page = http::read_page(call);
    if (!page) co_return page.error();
    const auto list = read_member_list(call);
    if (!list) co_return list.error();
    auto tx = co_await call.services.pool.begin(call.scope(), db::Mode::snapshot);
    auto env = co_await projects::load_environment(call, tx);
    if (!env) co_return env.error();
    auto found = co_await items::load_configured(call, tx, segment_kind, *env);
    if (!found) co_return found.error();
    auto config = std::make_shared<const SegmentEnvironment>(std::move(found->config));
    auto work = [config, list = *list, page = *page, prefix = call.request.query("q").value_or("")] {
        return page_json(*config, list, page_of_members(config->members, list, prefix, page.after, page.limit));
    };
    auto text = co_await call.services.blocking.compute(std::move(work));
    co_return http::resource_response(call, std::move(text), http::etag(config->version));
}

http::EditResult patch_members(http::Edit& edit, MemberChange change) {
    auto list = read_member_list(edit.call());
    if (!list) co_return list.error();
    MemberEdit wanted{std::move(*list), std::move(change)};
    auto outcome = co_await edit_members(edit, std::move(wanted));
    co_return outcome;
}

http::Answer handle_patch_members(http::Call& call) {
    return http::edit_resource(call, read_member_change, patch_members);
}

http::Answer handle_upload_members(http::Call& call) {
    auto request = read_file_request(call);
    if (!request) co_return request.error();
    const auto format = read_value_format(call);
    if (!format) co_return format.error();
    auto parts = std::make_shared<const std::vector<std::string>>(1, std::string(call.request.body));
    auto file = co_await parse_values(call, std::move(parts), *format, *request);
    if (!file) co_return file.error();
    auto wanted = member_edit_of(std::move(*request), std::move(*file));
    auto response = co_await http::edit_resource_without_json(call, edit_members, std::move(wanted));
    co_return response;
}

using access::Permission;
using net::Method;

constexpr http::Route member_table[] = {
    {Method::get, "/api/v1/orgs/{org}/projects/{project}/segments/{segment}/environments/{env}/members",
     Permission::read, handle_list_members, "list attribute q limit cursor"},
    {Method::patch, "/api/v1/orgs/{org}/projects/{project}/segments/{segment}/environments/{env}/members",
     Permission::edit, handle_patch_members, "list attribute strict dry_run"},
    {Method::post, "/api/v1/orgs/{org}/projects/{project}/segments/{segment}/environments/{env}/members",
     Permission::edit, handle_upload_members, "list attribute mode column strict dry_run"},
};

}  // namespace

std::span<const http::Route> member_routes() noexcept { return member_table; }

}  // namespace fanion::cp::segments
