#include "control-plane/audit/revert_routes.hpp"

#include <utility>

#include "common/json/reader.hpp"
#include "common/json/writer.hpp"
#include "control-plane/audit/audit_query.hpp"
#include "control-plane/audit/audit_store.hpp"
#include "control-plane/audit/inverse.hpp"
#include "control-plane/audit/resource.hpp"
#include "control-plane/body/fields.hpp"
#include "control-plane/body/json_patch.hpp"
#include "control-plane/body/json_text.hpp"
#include "control-plane/http/inner_call.hpp"

namespace fanion::cp::audit {
namespace {

using boost::asio::awaitable;

constexpr std::size_t most_later_entries = 20;

struct Reverted {
    std::string entry_id;
    std::uint64_t seq = 0;
    Inverse inverse;
    std::string present = {};  // the state, as a GET shows it; empty: it has none to show
    std::string tag = {};      // its ETag
};

Result<bool> read_dry_run(const http::Call& call) {
    const auto text = call.request.query("dry_run").value_or("false");
    if (text != "true" && text != "false") return bad_parameter("?dry_run", "malformed", "`true` or `false`");
    return text == "true";
}

// The request needs no body; one that is sent has no members.
Result<> check_no_body(http::Call& call) {
    if (call.request.body.empty()) return {};
    auto document = http::read_body(call);
    if (!document) return document.error();
    auto read = body::read_object((*document)->root(), [](json::Reader&, std::vector<Finding>&) { return true; });
    if (!read) return read.error();
    return {};
}

std::string header_of(const net::Response& response, std::string_view name) {
    for (const auto& [key, value] : response.headers)
        if (key == name) return value;
    return "";
}

bool has_route(const http::Call& call, net::Method method, std::string_view resource) {
    return http::find_route(http::caller_of(call), method, resource) != nullptr;
}

// Sets what is there now. Error: conflict when the resource is gone.
awaitable<Result<>> read_present(http::Call& call, Reverted& wanted) {
    if (!has_route(call, net::Method::get, wanted.inverse.resource)) co_return boost::system::in_place_value;
    http::InnerRequest get{net::Method::get, wanted.inverse.resource};
    auto caller = http::caller_of(call);
    auto response = co_await http::call_route(std::move(caller), std::move(get));
    if (!response) {
        if (response.error().code != Errc::not_found) co_return response.error();
        co_return http::conflict("", "changed_since", "the resource is gone since");
    }
    wanted.present = std::move(response->body);
    wanted.tag = header_of(*response, "ETag");
    co_return boost::system::in_place_value;
}

// The entries of a resource and of what goes with it. What flags and segments are in an environment goes with it too, and
// is not below its path.
AuditFilter entries_of(const std::string& resource) {
    AuditFilter filter;
    auto [project, environment] = place_of(resource);
    const bool is_environment =
        !environment.empty() && resource == "projects/" + project + "/environments/" + environment;
    if (is_environment) {
        filter.project = std::move(project);
        filter.environment = std::move(environment);
    } else {
        filter.resource = resource;
    }
    return filter;
}

// Later changes of the resource and of what goes with it, oldest first, as findings.
awaitable<std::vector<Finding>> later_changes(http::Call& call, const Reverted& wanted) {
    AuditPage page;
    page.filter = entries_of(wanted.inverse.resource);
    page.order = AuditOrder::oldest_first;
    page.from = wanted.seq;
    page.limit = most_later_entries;
    auto tx = co_await call.services.pool.begin(call.scope(), db::Mode::snapshot);
    const auto found = co_await list_audit(tx, call.org.org_id, std::move(page));
    std::vector<Finding> changes;
    for (const auto& entry : found.entries) {
        if (!may_read_entry(call, entry)) continue;
        const auto tree = parse_entry(entry.link.canonical);
        const auto action = tree.find("action")->as_string();
        if (action == name_of(Action::request_refused)) continue;
        changes.push_back({tree.find("id")->as_string(), "", "changed_since",
                           action + " of " + tree.find("resource")->as_string() + " came after this entry"});
    }
    co_return changes;
}

// Error: conflict, with what changed since the entry.
awaitable<Result<>> check_unchanged(http::Call& call, const Reverted& wanted) {
    std::vector<Finding> findings;
    if (wanted.inverse.kind == Inverse::Kind::restore) {
        auto work = [after = wanted.inverse.after, present = wanted.present] {
            return changed_since(after, parse_state(present));
        };
        findings = co_await call.services.blocking.compute(std::move(work));
        if (findings.empty()) co_return boost::system::in_place_value;
    }
    const auto later = co_await later_changes(call, wanted);
    findings.insert(findings.end(), later.begin(), later.end());
    if (findings.empty()) co_return boost::system::in_place_value;
    co_return Error{Errc::conflict, "the resource has changed since this entry: undo the later changes first",
                    std::move(findings)};
}

// The request that undoes the entry; a resource that cannot be replaced is patched.
Result<http::InnerRequest> inverse_request(const http::Call& call, const Reverted& wanted) {
    const auto& [kind, resource, before, after] = wanted.inverse;
    http::InnerRequest request{net::Method::del, resource};
    request.if_match = wanted.tag.empty() ? "*" : wanted.tag;
    request.comment = "reverts " + wanted.entry_id;
    if (const auto comment = call.request.query("comment")) request.comment += ": " + *comment;
    // Nothing has changed in what is removed, or it is refused: the entry names what goes.
    if (kind == Inverse::Kind::remove) request.confirm = resource.substr(resource.rfind('/') + 1);
    if (kind == Inverse::Kind::restore) {
        const bool can_replace = has_route(call, net::Method::put, resource);
        request.method = can_replace ? net::Method::put : net::Method::patch;
        request.body = can_replace ? before.to_text() : merge_patch_to(before, after);
    }
    if (has_route(call, request.method, resource)) return request;
    return http::conflict("", "not_revertible", "there is no way to undo a change of this resource");
}

// As a change request or a schedule keeps it (schedules/change.hpp), for where the change takes approvals.
std::string as_change(const http::InnerRequest& request) {
    return body::object_text([&](json::Writer& w) {
        w.member("method", net::name_of(request.method)).member("path", request.resource);
        w.member("type", request.media_type).key("body");
        if (request.body.empty()) {
            w.null();
        } else {
            w.raw(request.body);
        }
        w.member("comment", request.comment);
    });
}

std::string dry_run_text(const Reverted& wanted, const std::string& change, const net::Response& response) {
    const bool is_removal = wanted.inverse.kind == Inverse::Kind::remove;
    std::string out;
    json::Writer w(out);
    w.begin_object().member("entry", wanted.entry_id).member("resource", wanted.inverse.resource);
    w.member("change", is_removal ? "remove" : "restore").key("patch");
    if (!is_removal) {
        auto compared = parse_state(response.body);
        if (compared.is(json::Kind::object)) compared.remove("warnings");
        w.raw(body::json_patch(parse_state(wanted.present), compared));
        w.key("result").raw(response.body);
    } else {
        w.null().key("result").null();
    }
    w.key("as_change").raw(change).end_object();
    return out;
}

awaitable<Result<Reverted>> read_reverted(http::Call& call) {
    auto tx = co_await call.services.pool.begin(call.scope(), db::Mode::snapshot);
    const auto found = co_await find_audit(tx, call.org.org_id, call.param("entry"));
    if (!found || !may_read_entry(call, *found)) co_return http::not_found("audit entry", "{entry}");
    auto work = [canonical = found->link.canonical] { return inverse_of(parse_entry(canonical)); };
    auto inverse = co_await call.services.blocking.compute(std::move(work));
    if (!inverse) co_return inverse.error();
    co_return Reverted{call.param("entry"), found->link.seq, std::move(*inverse)};
}

// What the route that changes it back says of the state before: it can no longer be.
Error refusal_of(Error error) {
    if (error.code == Errc::not_found) return http::conflict("", "changed_since", "the resource is gone since");
    const bool is_about_state =
        error.code == Errc::invalid_input || error.code == Errc::unprocessable || error.code == Errc::too_large;
    if (!is_about_state) return error;
    if (error.findings.empty()) error.findings.push_back({"", "", "not_revertible", error.detail});
    return {Errc::conflict, "the state before cannot be restored: " + error.detail, std::move(error.findings)};
}

http::Answer handle_revert(http::Call& call) {
    const auto is_dry_run = read_dry_run(call);
    if (!is_dry_run) co_return is_dry_run.error();
    if (auto ok = check_no_body(call); !ok) co_return ok.error();
    auto wanted = co_await read_reverted(call);
    if (!wanted) co_return wanted.error();
    auto request = inverse_request(call, *wanted);
    if (!request) co_return request.error();
    auto present = co_await read_present(call, *wanted);
    if (!present) co_return present.error();
    auto unchanged = co_await check_unchanged(call, *wanted);
    if (!unchanged) co_return unchanged.error();
    request->if_match = wanted->tag.empty() ? "*" : wanted->tag;
    request->is_dry_run = *is_dry_run;
    const auto kept = as_change(*request);
    auto caller = http::caller_of(call);
    auto response = co_await http::call_route(std::move(caller), std::move(*request));
    if (!response) co_return refusal_of(response.error());
    if (response->status == 412)
        co_return http::conflict("", "changed_since", "the resource was changed at the same time: try again");
    if (*is_dry_run) co_return net::json_response(dry_run_text(*wanted, kept, *response));
    co_return std::move(*response);
}

using access::Permission;
using net::Method;

// What the entry changed decides what the caller must be permitted: the route that changes it back asks.
constexpr http::Route audit_revert_table[] = {
    {Method::post, "/api/v1/orgs/{org}/audit/{entry}/revert", Permission::member, handle_revert, "dry_run comment"},
};

}  // namespace

std::span<const http::Route> audit_revert_routes() noexcept { return audit_revert_table; }

}  // namespace fanion::cp::audit
