#include "control-plane/segments/upload_routes.hpp"

#include <memory>
#include <utility>

#include "common/base/ids.hpp"
#include "control-plane/audit/audit_store.hpp"
#include "control-plane/http/lists.hpp"
#include "control-plane/items/item_lookup.hpp"
#include "control-plane/segments/member_edit.hpp"
#include "control-plane/segments/segment_kind.hpp"
#include "control-plane/segments/upload_store.hpp"
#include "control-plane/segments/value_body.hpp"

namespace fanion::cp::segments {
namespace {

using boost::asio::awaitable;

// Of the request's path. Errors: not_found.
awaitable<Result<UploadPlace>> load_place(http::Call& call, db::Transaction& tx) {
    auto env = co_await projects::load_environment(call, tx);
    if (!env) co_return env.error();
    auto segment = co_await items::load_row(call, tx, segment_kind, env->project_id);
    if (!segment) co_return segment.error();
    co_return UploadPlace{call.org.org_id, segment->segment_id, env->env_id};
}

// The same for a change of the environment. Further error: forbidden.
awaitable<Result<UploadPlace>> load_editable_place(http::Call& call, db::Transaction& tx) {
    auto env = co_await projects::load_environment(call, tx);
    if (!env) co_return env.error();
    if (auto ok = projects::require_edit_permission(call, env->is_protected); !ok) co_return ok.error();
    co_return co_await load_place(call, tx);
}

UploadId upload_in(const http::Call& call) { return UploadId(call.param("upload")); }

awaitable<Result<Upload>> load_upload(http::Call& call, db::Transaction& tx, UploadPlace place, UploadLock lock) {
    auto upload = co_await find_upload(tx, std::move(place), upload_in(call), call.now(), lock);
    if (!upload) co_return http::not_found("upload", "{upload}");
    co_return std::move(*upload);
}

http::EditResult create_upload(http::Edit& edit, FileFormat format) {
    auto& call = edit.call();
    auto place = co_await load_editable_place(call, edit.tx());
    if (!place) co_return place.error();
    // Environment before organisation, as in all edits: the row of the upload locks it too.
    const auto env = co_await projects::lock_environment(call, edit.tx());
    if (!env) co_return env.error();
    co_await audit::lock_audit_chain(edit.tx(), call.org.org_id);  // of several at once, each counts the others
    const auto present = co_await count_uploads(edit.tx(), call.org.org_id, call.now());
    if (present >= most_uploads)
        co_return http::conflict("", "limit",
                                 "an organisation has at most " + std::to_string(most_uploads) +
                                     " uploads at a time: apply or delete one (GET /orgs/{org}/uploads lists them); "
                                     "they expire after 24 hours");
    const Upload upload{UploadId(random_id("up_")), format, call.principal.actor_id(), call.now()};
    co_await insert_upload(edit.tx(), std::move(*place), upload);
    auto response = net::json_response(to_json(upload), 201);
    response.set("Location", http::path_of(call) + '/' + upload.upload_id.str());
    http::EditOutcome outcome{std::move(response), std::nullopt};
    outcome.is_staged = true;
    co_return outcome;
}

http::Answer handle_create_upload(http::Call& call) {
    return http::edit_resource(call, read_new_upload, create_upload);
}

http::Answer handle_get_upload(http::Call& call) {
    auto tx = co_await call.services.pool.begin(call.scope(), db::Mode::snapshot);
    auto place = co_await load_place(call, tx);
    if (!place) co_return place.error();
    const auto upload = co_await load_upload(call, tx, std::move(*place), UploadLock::none);
    if (!upload) co_return upload.error();
    co_return net::json_response(to_json(*upload));
}

// Those of the whole organisation: it has few, and they are in the way of each other.
http::Answer handle_list_uploads(http::Call& call) {
    const auto page = http::read_page(call);
    if (!page) co_return page.error();
    auto tx = co_await call.services.pool.begin(call.scope(), db::Mode::snapshot);
    // A page and its cursor are made of those that the caller may see.
    auto uploads = co_await list_uploads(tx, call.org.org_id, call.now(), page->after, most_uploads);
    std::erase_if(uploads, [&](const ListedUpload& one) {
        return !call.permissions_at(one.project, one.environment).has(access::Permission::read);
    });
    const auto next =
        http::end_page(uploads, *page, [](const ListedUpload& one) { return one.upload.upload_id.str(); });
    const auto write_items = [&](json::Writer& w) {
        for (const auto& one : uploads) {
            w.begin_object().member("project", one.project).member("segment", one.segment);
            w.member("environment", one.environment);
            write_members(w, one.upload);
            w.end_object();
        }
    };
    co_return net::json_response(http::page_text(write_items, next));
}

http::Answer handle_put_part(http::Call& call) {
    const auto part = read_part_number(call.request.param("part"));
    if (!part) co_return part.error();
    const auto format = read_value_format(call);
    if (!format) co_return format.error();
    auto tx = co_await call.services.pool.begin(call.scope());
    auto place = co_await load_editable_place(call, tx);
    if (!place) co_return place.error();
    auto upload = co_await load_upload(call, tx, *place, UploadLock::exclusive);
    if (!upload) co_return upload.error();
    if (upload->format != *format)
        co_return http::unsupported_media(
            "Content-Type", "the upload is of another format, `" + std::string(name_of(upload->format)) + '`');
    co_await put_upload_part(tx, call.org.org_id, upload->upload_id, *part, std::string(call.request.body));
    upload = co_await load_upload(call, tx, *place, UploadLock::none);
    co_await tx.commit();
    co_return net::json_response(to_json(*upload));
}

http::Answer handle_delete_upload(http::Call& call) {
    auto tx = co_await call.services.pool.begin(call.scope());
    auto place = co_await load_editable_place(call, tx);
    if (!place) co_return place.error();
    const bool was_there = co_await delete_upload(tx, std::move(*place), upload_in(call));
    if (!was_there) co_return http::not_found("upload", "{upload}");
    co_await tx.commit();
    co_return net::empty_response(204);
}

// The upload goes, also if it changes nothing.
http::EditResult apply_upload(http::Edit& edit, FileRequest request) {
    auto& call = edit.call();
    auto place = co_await load_editable_place(call, edit.tx());
    if (!place) co_return place.error();
    auto upload = co_await load_upload(call, edit.tx(), *place, UploadLock::exclusive);
    if (!upload) co_return upload.error();
    if (auto ok = check_complete(*upload); !ok) co_return ok.error();
    auto read = co_await read_upload_parts(edit.tx(), call.org.org_id, upload->upload_id);
    auto parts = std::make_shared<const std::vector<std::string>>(std::move(read));
    auto file = co_await parse_values(call, std::move(parts), upload->format, request);
    if (!file) co_return file.error();
    co_await delete_upload(edit.tx(), std::move(*place), upload->upload_id);
    auto wanted = member_edit_of(std::move(request), std::move(*file));
    auto outcome = co_await edit_members(edit, std::move(wanted));
    if (outcome && !edit.is_dry_run()) outcome->is_staged = true;
    co_return outcome;
}

http::Answer handle_apply_upload(http::Call& call) {
    auto request = read_file_request(call);
    if (!request) co_return request.error();
    co_return co_await http::edit_resource_without_json(call, apply_upload, std::move(*request));
}

using access::Permission;
using net::Method;

constexpr http::Route upload_table[] = {
    {Method::get, "/api/v1/orgs/{org}/uploads", Permission::member, handle_list_uploads, "limit cursor"},
    {Method::post, "/api/v1/orgs/{org}/projects/{project}/segments/{segment}/environments/{env}/members/uploads",
     Permission::edit, handle_create_upload},
    {Method::get,
     "/api/v1/orgs/{org}/projects/{project}/segments/{segment}/environments/{env}/members/uploads/{upload}",
     Permission::read, handle_get_upload},
    {Method::del,
     "/api/v1/orgs/{org}/projects/{project}/segments/{segment}/environments/{env}/members/uploads/{upload}",
     Permission::edit, handle_delete_upload},
    {Method::put,
     "/api/v1/orgs/{org}/projects/{project}/segments/{segment}/environments/{env}/members/uploads/{upload}"
     "/parts/{part}",
     Permission::edit, handle_put_part},
    {Method::post,
     "/api/v1/orgs/{org}/projects/{project}/segments/{segment}/environments/{env}/members/uploads/{upload}/apply",
     Permission::edit, handle_apply_upload, "list attribute mode column strict dry_run"},
};

}  // namespace

std::span<const http::Route> upload_routes() noexcept { return upload_table; }

}  // namespace fanion::cp::segments
