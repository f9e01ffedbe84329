#include "control-plane/audit/audit_routes.hpp"

#include <map>

#include "common/base/text.hpp"
#include "common/json/writer.hpp"
#include "control-plane/audit/audit_query.hpp"
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

Result<bool> read_with_canonical(http::Call& call) {
    const auto text = call.request.query("canonical").value_or("false");
    if (text != "true" && text != "false") return bad_parameter("?canonical", "malformed", "`true` or `false`");
    return text == "true";
}

Result<AuditPage> read_audit_page(http::Call& call) {
    AuditPage found;
    auto page = http::read_page(call);
    if (!page) return page.error();
    found.limit = page->limit;
    if (page->after.empty()) return found;
    found.from = parse_u64(page->after);
    if (!found.from || *found.from > INT64_MAX) {
        return bad_parameter("?cursor", "bad_cursor", "cursor must be the `next` of a page of this list");
    }
    return found;
}

http::Answer handle_list_audit(http::Call& call) {
    auto page = read_audit_page(call);
    if (!page) co_return page.error();
    const auto with_canonical = read_with_canonical(call);
    if (!with_canonical) co_return with_canonical.error();
    auto tx = co_await call.services.pool.begin(call.scope(), db::Mode::snapshot);
    auto filter = co_await read_audit_filter(call, tx);
    if (!filter) co_return filter.error();
    page->filter = std::move(*filter);
    auto found = co_await list_audit(tx, call.org.org_id, *page);
    const auto& resource = page->filter.resource;
    if ((found.entries.empty() && !page->from) || (resource && !call.may_read(*resource))) {
        auto ok = co_await check_audit_resource(call, tx, page->filter);
        if (!ok) co_return ok.error();
    }
    std::optional<std::string> next;
    if (found.has_more) next = http::cursor_after(std::to_string(found.entries.back().link.seq));
    std::erase_if(found.entries, [&](const StoredEntry& entry) { return !may_read_entry(call, entry); });
    const auto emails = co_await actor_emails(tx, found.entries);
    const auto write_items = [&](json::Writer& w) {
        for (const auto& entry : found.entries) write_entry(w, entry, emails, *with_canonical);
    };
    co_return net::json_response(http::page_text(write_items, next));
}

http::Answer handle_get_audit_entry(http::Call& call) {
    auto tx = co_await call.services.pool.begin(call.scope(), db::Mode::snapshot);
    const auto found = co_await find_audit(tx, call.org.org_id, call.param("entry"));
    if (!found || !may_read_entry(call, *found)) co_return http::not_found("audit entry", "{entry}");
    const std::vector<StoredEntry> one(1, *found);
    const auto emails = co_await actor_emails(tx, one);
    std::string body;
    json::Writer w(body);
    write_entry(w, *found, emails, true);
    co_return http::resource_response(call, std::move(body), '"' + to_hex(found->link.hash).substr(0, 16) + '"');
}

using access::Permission;
using net::Method;

constexpr http::Route audit_table[] = {
    {Method::get, "/api/v1/orgs/{org}/audit", Permission::member, handle_list_audit,
     "limit cursor canonical resource actor action project env group text from to"},
    {Method::get, "/api/v1/orgs/{org}/audit/{entry}", Permission::member, handle_get_audit_entry},
};

}  // namespace

std::span<const http::Route> audit_routes() noexcept { return audit_table; }

}  // namespace fanion::cp::audit
