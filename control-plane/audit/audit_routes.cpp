#include "control-plane/audit/audit_routes.hpp"

#include "common/base/text.hpp"
#include "common/json/writer.hpp"
#include "control-plane/audit/audit_store.hpp"
#include "control-plane/http/call.hpp"
#include "control-plane/http/lists.hpp"

namespace fanion::cp::audit {
namespace {

void write_link(json::Writer& w, const ChainLink& link) {
    w.begin_object().member("seq", link.seq).key("entry").raw(link.canonical);
    w.member("canonical", link.canonical).member("previous", to_hex(link.previous)).member("hash", to_hex(link.hash));
    w.end_object();
}

Result<AuditPage> read_audit_page(http::Call& call) {
    AuditPage found;
    auto page = http::read_page(call);
    if (!page) return page.error();
    found.limit = page->limit;
    if (!page->after.empty()) {
        found.before = parse_u64(page->after);
        if (!found.before || *found.before > INT64_MAX) {
            return Error{Errc::invalid_input,
                         "cursor must be one that this API returned as `next`",
                         {{"", "?cursor", "bad_cursor", ""}}};
        }
    }
    found.resource = call.request.query("resource").value_or("");
    return found;
}

http::Answer handle_list_audit(http::Call& call) {
    auto page = read_audit_page(call);
    if (!page) co_return page.error();
    auto tx = co_await call.services.pool.begin(call.scope(), db::Mode::snapshot);
    auto links = co_await list_audit(tx, call.org.org_id, *page);
    const bool has_more = http::truncate_to_page(links, page->limit);
    std::optional<std::string> next;
    if (has_more) next = http::cursor_after(std::to_string(links.back().seq));
    const auto write_items = [&](json::Writer& w) {
        for (const auto& link : links) write_link(w, link);
    };
    co_return net::json_response(http::page_text(write_items, next));
}

using access::Permission;
using net::Method;

constexpr http::Route audit_table[] = {
    {Method::get, "/api/v1/orgs/{org}/audit", Permission::read, handle_list_audit, "limit cursor resource"},
};

}  // namespace

std::span<const http::Route> audit_routes() noexcept { return audit_table; }

}  // namespace fanion::cp::audit
