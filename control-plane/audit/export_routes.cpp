#include "control-plane/audit/export_routes.hpp"

#include <map>
#include <memory>
#include <utility>

#include "common/net/sse_stream.hpp"
#include "common/wire/audit_export.hpp"
#include "control-plane/audit/audit_query.hpp"
#include "control-plane/audit/audit_store.hpp"
#include "control-plane/audit/csv.hpp"
#include "control-plane/http/call.hpp"

namespace fanion::cp::audit {
namespace {

using boost::asio::awaitable;
using Emails = std::map<std::string, std::string>;

constexpr std::size_t entries_of_a_read = 1'000;  // or fewer, see audit_page_bytes

// An export under way. What was asked is copied: the request's buffer is gone once the stream has started.
struct Export {
    bool is_csv = false;
    db::Scope scope;
    access::OrgId org_id;
    wire::AuditExportHeader header;
    AuditFilter filter;
    std::uint64_t beginning = 0;         // the oldest entry when it began
    std::optional<wire::AuditHead> end;  // entries after it are of changes made since
    wire::AuditExportWriter writer = {};
    std::uint64_t last = 0;
};

Result<bool> wants_csv(const http::Call& call) {
    const auto format = call.request.query("format").value_or("ndjson");
    if (format == "ndjson" || format == "csv") return format == "csv";
    return bad_parameter("?format", "malformed", "`ndjson` or `csv`");
}

// An export has no gaps: the caller must be able to read everything in the project or environment to which the
// conditions limit it, or in the organisation.
Result<> check_export(const http::Call& call, const AuditFilter& filter) {
    ResourcePlace place{filter.project.value_or(""), ""};
    if (filter.project) place.environment = filter.environment.value_or("");
    if (!filter.project && filter.resource) place = place_of(*filter.resource);
    const auto held = call.org.grants.throughout(place.project, place.environment) & call.principal.limit;
    if (held.has(access::Permission::read)) return boost::system::in_place_value;
    return http::forbidden(
        "not_all_readable",
        "you may not read all of this: limit the export to a project or environment that you may read");
}

awaitable<Result<Export>> read_export(http::Call& call) {
    const auto is_csv = wants_csv(call);
    if (!is_csv) co_return is_csv.error();
    Export made{*is_csv, call.scope(), call.org.org_id, {}, {}, 0, {}};
    made.header = {call.org.key, call.org.org_id.str(), call.now(), {}, audit_filter_text(call)};
    auto tx = co_await call.services.pool.begin(call.scope(), db::Mode::snapshot);
    auto filter = co_await read_audit_filter(call, tx);
    if (!filter) co_return filter.error();
    auto known = co_await check_audit_resource(call, tx, *filter);
    if (!known) co_return known.error();
    if (auto ok = check_export(call, *filter); !ok) co_return ok.error();
    made.filter = std::move(*filter);
    const auto beginning = co_await find_audit_beginning(tx, call.org.org_id);
    if (beginning) made.beginning = beginning->seq;
    if (beginning && made.filter.is_empty()) {
        made.header.after = {beginning->seq - 1, beginning->previous};
        made.last = beginning->seq - 1;
    }
    made.end = co_await find_audit_head(tx, call.org.org_id);
    co_return std::move(made);
}

struct ExportPage {
    std::vector<StoredEntry> entries;
    Emails emails;
    bool is_last = false;
    bool has_gap = false;  // entries are gone that were there when the export began
};

// Each read is a transaction of its own: entries do not change, and a slow client holds no connection of the database.
awaitable<ExportPage> read_export_page(http::Services& services, const Export& running) {
    AuditPage wanted{running.filter, AuditOrder::oldest_first, running.last, entries_of_a_read};
    auto tx = co_await services.pool.begin(running.scope, db::Mode::snapshot);
    auto found = co_await list_audit(tx, running.org_id, std::move(wanted));
    const auto beginning = co_await find_audit_beginning(tx, running.org_id);
    ExportPage page;
    const auto first = beginning ? beginning->seq : std::uint64_t{0};
    page.has_gap = first > running.beginning && first > running.last + 1;
    if (running.is_csv) page.emails = co_await actor_emails(tx, found.entries);
    page.is_last = !found.has_more;
    page.entries = std::move(found.entries);
    while (!page.entries.empty() && (!running.end || page.entries.back().link.seq > running.end->seq)) {
        page.entries.pop_back();
        page.is_last = true;
    }
    co_return page;
}

void append_csv(std::string& out, const ExportPage& page) {
    for (const auto& entry : page.entries) {
        const auto email = page.emails.find(entry.actor_id);
        append_csv_row(out, entry.link, email == page.emails.end() ? "" : email->second);
    }
}

void append_lines(std::string& out, Export& running, const ExportPage& page) {
    for (const auto& [link, actor_id, resource] : page.entries)
        running.writer.add(out, link.canonical, link.seq, link.previous, link.hash);
    if (page.is_last) running.writer.end(out);
}

// The next piece of the file.
std::string piece_of(Export& running, const ExportPage& page) {
    std::string piece;
    if (running.is_csv) {
        append_csv(piece, page);
    } else {
        append_lines(piece, running, page);
    }
    if (!page.entries.empty()) running.last = page.entries.back().link.seq;
    return piece;
}

awaitable<Result<>> send_export(net::SseStream& stream, std::string piece) {
    auto bytes = std::make_shared<const std::string>(std::move(piece));
    co_return co_await stream.send(std::move(bytes));
}

// False when the file is not complete: the client is gone, or entries are.
awaitable<bool> send_entries(http::Services& services, net::SseStream& stream, std::shared_ptr<Export> running) {
    for (bool is_last = false; !is_last;) {
        auto page = co_await read_export_page(services, *running);
        if (page.has_gap) co_return false;
        is_last = page.is_last;
        auto work = [running, held = std::make_shared<const ExportPage>(std::move(page))] {
            return piece_of(*running, *held);
        };
        auto piece = co_await services.blocking.compute(std::move(work));
        const auto sent = co_await send_export(stream, std::move(piece));
        if (!sent) co_return false;
    }
    const auto finished = co_await stream.finish();
    co_return finished.has_value();
}

// The head and the file. False as in send_entries().
awaitable<bool> send_file(http::Services& services, net::SseStream& stream, std::shared_ptr<Export> running) {
    const std::string_view extension = running->is_csv ? "csv" : "ndjson";
    const auto headers = "Content-Disposition: attachment; filename=\"audit-" + running->header.org + '.' +
                         std::string(extension) + "\"\r\n";
    const std::string_view type = running->is_csv ? "text/csv; charset=utf-8" : "application/x-ndjson";
    std::string first;
    if (running->is_csv) {
        first = csv_head();
    } else {
        running->writer.begin(first, running->header);
    }
    const auto started = co_await stream.start(headers, type, net::BodyEnd::finish);
    if (!started) co_return false;
    const auto sent = co_await send_export(stream, std::move(first));
    if (!sent) co_return false;
    co_return co_await send_entries(services, stream, std::move(running));
}

http::Answer stream_export(http::Call& call, net::SseStream& stream) {
    auto& services = call.services;
    auto asked = co_await read_export(call);
    if (!asked) co_return asked.error();
    auto running = std::make_shared<Export>(std::move(*asked));
    const bool is_complete = co_await send_file(services, stream, running);
    if (!is_complete) services.log.warn("audit_export_incomplete", {{"org_id", running->org_id.str()}});
    co_return net::Response{};
}

using access::Permission;
using net::Method;

constexpr http::Route audit_export_table[] = {
    {Method::get, "/api/v1/orgs/{org}/audit/export", Permission::member, nullptr,
     "format resource actor action project env group text from to", http::PatchForms::merge, http::Caller::any,
     stream_export},
};

}  // namespace

std::span<const http::Route> audit_export_routes() noexcept { return audit_export_table; }

}  // namespace fanion::cp::audit
