#include "control-plane/publish/version_routes.hpp"

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "common/base/text.hpp"
#include "common/json/writer.hpp"
#include "control-plane/audit/audit_store.hpp"
#include "control-plane/http/call.hpp"
#include "control-plane/http/lists.hpp"
#include "control-plane/projects/path_lookup.hpp"
#include "control-plane/publish/history_store.hpp"

namespace fanion::cp::publish {
namespace {

using ActorEmails = std::map<std::string, std::string>;

// The names below a prefix, of the items that are listed.
void write_names(json::Writer& w, std::string_view member, std::string_view prefix,
                 const std::vector<std::string>& items) {
    w.key(member).begin_array();
    for (const auto& item : items) {
        if (item.starts_with(prefix)) w.string(std::string_view(item).substr(prefix.size()));
    }
    w.end_array();
}

void write_author(json::Writer& w, const std::optional<VersionAuthor>& author, const ActorEmails& emails) {
    w.key("actor");
    if (!author) {
        w.null();
        return;
    }
    w.begin_object().member("kind", author->actor_kind).member("id", author->actor_id);
    const auto email = emails.find(author->actor_id);
    if (email != emails.end()) w.member("email", email->second);
    w.end_object();
    w.member("action", author->action).member("comment", author->comment).member("audit_id", author->audit_id);
}

void write_version(json::Writer& w, const PastVersion& v, const ActorEmails& emails) {
    w.begin_object().member("version", wire::to_string(v.version)).member("at", format_rfc3339(v.issued_at));
    w.member("root", to_hex(v.root)).member("items", v.items).member("bytes", v.bytes);
    write_author(w, v.author, emails);
    write_names(w, "flags", "flag/", v.changed);
    write_names(w, "segments", "segment/", v.changed);
    write_names(w, "keys", "access/", v.changed);
    w.member("changes", v.changes).end_object();
}

Error bad_version_query(std::string_view name, std::string code, std::string detail) {
    return {Errc::invalid_input, detail, {{"", "?" + std::string(name), std::move(code), detail}}};
}

Result<VersionPage> read_version_page(http::Call& call) {
    const auto page = http::read_page(call);
    if (!page) return page.error();
    VersionPage wanted;
    wanted.limit = page->limit + 1;
    if (!page->after.empty()) {
        wanted.before = wire::parse_version(page->after);
        const bool fits = wanted.before && wanted.before->epoch <= INT64_MAX && wanted.before->number <= INT64_MAX;
        if (!fits) {
            return bad_version_query("cursor", "bad_cursor", "cursor must be the `next` of a page of this list");
        }
    }
    const auto flag = call.request.query("flag");
    const auto segment = call.request.query("segment");
    if (flag && segment) return bad_version_query("segment", "conflict", "give `flag` or `segment`, not both");
    if (flag) wanted.item = "flag/" + *flag;
    if (segment) wanted.item = "segment/" + *segment;
    return wanted;
}

boost::asio::awaitable<ActorEmails> emails_of_authors(db::Transaction& tx, const std::vector<PastVersion>& versions) {
    std::vector<audit::StoredEntry> authors;
    for (const auto& v : versions) {
        if (v.author) authors.push_back({{}, v.author->actor_id, {}});
    }
    co_return co_await audit::actor_emails(tx, authors);
}

http::Answer handle_list_versions(http::Call& call) {
    auto wanted = read_version_page(call);
    if (!wanted) co_return wanted.error();
    auto tx = co_await call.services.pool.begin(call.scope(), db::Mode::snapshot);
    auto env = co_await projects::load_environment(call, tx);
    if (!env) co_return env.error();
    const auto limit = wanted->limit - 1;
    auto versions = co_await list_versions(tx, env->env_id, std::move(*wanted));
    std::optional<std::string> next;
    if (http::truncate_to_page(versions, limit)) {
        next = http::cursor_after(wire::to_string(versions.back().version));
    }
    const auto emails = co_await emails_of_authors(tx, versions);
    const auto write_items = [&](json::Writer& w) {
        for (const auto& version : versions) write_version(w, version, emails);
    };
    co_return net::json_response(http::page_text(write_items, next));
}

using access::Permission;
using net::Method;

constexpr http::Route version_table[] = {
    {Method::get, "/api/v1/orgs/{org}/projects/{project}/environments/{env}/versions", Permission::read,
     handle_list_versions, "limit cursor flag segment"},
};

}  // namespace

std::span<const http::Route> version_routes() noexcept { return version_table; }

}  // namespace fanion::cp::publish
