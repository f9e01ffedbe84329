#include "control-plane/audit/audit_routes.hpp"

#include "common/base/text.hpp"
#include "common/json/writer.hpp"
#include "control-plane/audit/audit_store.hpp"
#include "control-plane/http/call.hpp"

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
            return Error{
                Errc::invalid_input, "cursor is not one this API gave out", {{"", "?cursor", "bad_cursor", ""}}};
        }
    }
    found.resource = http::query(call, "resource").value_or("");
    return found;
}

http::Answer handle_list_audit(http::Call& call) {
    auto page = read_audit_page(call);
    if (!page) co_return http::problem(call, page.error());
    auto tx = co_await call.services.pool.begin(call.scope(), db::Mode::snapshot);
    auto links = co_await list_audit(tx, call.org.org_id, *page);
    const bool has_more = links.size() > page->limit;
    if (has_more) links.resize(page->limit);
    std::string body;
    json::Writer w(body);
    w.begin_object().key("items").begin_array();
    for (const auto& link : links) write_link(w, link);
    w.end_array().key("next");
    if (has_more) {
        w.string(http::cursor_after(std::to_string(links.back().seq)));
    } else {
        w.null();
    }
    w.end_object();
    co_return net::json_response(std::move(body));
}

using access::Permission;
using net::Method;

constexpr http::Route table[] = {
    {Method::get, "/api/v1/orgs/{org}/audit", Permission::read, handle_list_audit, "limit cursor resource"},
};

}  // namespace

std::span<const http::Route> audit_routes() noexcept { return table; }

}  // namespace fanion::cp::audit
