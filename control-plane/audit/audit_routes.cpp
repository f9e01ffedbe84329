#include "control-plane/audit/audit_routes.hpp"

#include <map>

#include "common/base/text.hpp"
#include "common/json/writer.hpp"
#include "control-plane/audit/audit_store.hpp"
#include "control-plane/http/call.hpp"
#include "control-plane/http/lists.hpp"

namespace fanion::cp::audit {
namespace {

using Emails = std::map<std::string, std::string>;

void write_entry(json::Writer& w, const StoredEntry& stored, const Emails& emails, bool with_canonical) {
    const auto& link = stored.link;
    const auto email = emails.find(stored.actor_id);
    w.begin_object().member("seq", link.seq).key("entry");
    w.raw(shown_entry(link.canonical, email == emails.end() ? "" : email->second));
    if (with_canonical) w.member("canonical", link.canonical);
    w.member("previous", to_hex(link.previous)).member("hash", to_hex(link.hash)).end_object();
}

Error bad_parameter(std::string pointer, std::string code, std::string detail) {
    return {Errc::invalid_input, detail, {{"", std::move(pointer), std::move(code), detail}}};
}

Result<bool> read_with_canonical(http::Call& call) {
    const auto text = call.request.query("canonical").value_or("false");
    if (text != "true" && text != "false") return bad_parameter("?canonical", "malformed", "`true` or `false`");
    return text == "true";
}

// A resource without entries may be one that has none yet, or a mistake.
boost::asio::awaitable<Result<>> check_resource(http::Call& call, db::Transaction& tx, std::string resource) {
    auto names = parse_resource(resource);
    bool is_there = false;
    if (names && call.may_read(resource)) is_there = co_await resource_exists(tx, call.org.org_id, std::move(*names));
    if (is_there) co_return boost::system::in_place_value;
    co_return bad_parameter("?resource", "unknown_resource",
                            "there is no such resource, and no entry of one; a resource is a path below the "
                            "organisation's, as projects/web/flags/new-checkout/environments/production");
}

Result<AuditPage> read_audit_page(http::Call& call) {
    AuditPage found;
    auto page = http::read_page(call);
    if (!page) return page.error();
    found.limit = page->limit;
    if (!page->after.empty()) {
        found.before = parse_u64(page->after);
        if (!found.before || *found.before > INT64_MAX) {
            return bad_parameter("?cursor", "bad_cursor", "cursor must be the `next` of a page of this list");
        }
    }
    found.resource = call.request.query("resource").value_or("");
    return found;
}

http::Answer handle_list_audit(http::Call& call) {
    auto page = read_audit_page(call);
    if (!page) co_return page.error();
    const auto with_canonical = read_with_canonical(call);
    if (!with_canonical) co_return with_canonical.error();
    auto tx = co_await call.services.pool.begin(call.scope(), db::Mode::snapshot);
    auto found = co_await list_audit(tx, call.org.org_id, *page);
    const bool is_hidden = !page->resource.empty() && !call.may_read(page->resource);
    if (is_hidden || (found.entries.empty() && !page->resource.empty() && !page->before)) {
        auto ok = co_await check_resource(call, tx, page->resource);
        if (!ok) co_return ok.error();
    }
    std::optional<std::string> next;
    if (found.has_more) next = http::cursor_after(std::to_string(found.entries.back().link.seq));
    std::erase_if(found.entries, [&](const StoredEntry& entry) { return !call.may_read(entry.resource); });
    const auto emails = co_await actor_emails(tx, found.entries);
    const auto write_items = [&](json::Writer& w) {
        for (const auto& entry : found.entries) write_entry(w, entry, emails, *with_canonical);
    };
    co_return net::json_response(http::page_text(write_items, next));
}

using access::Permission;
using net::Method;

constexpr http::Route audit_table[] = {
    {Method::get, "/api/v1/orgs/{org}/audit", Permission::member, handle_list_audit, "limit cursor resource canonical"},
};

}  // namespace

std::span<const http::Route> audit_routes() noexcept { return audit_table; }

}  // namespace fanion::cp::audit
