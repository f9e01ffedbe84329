#include "control-plane/audit/verification_routes.hpp"

#include <algorithm>
#include <memory>
#include <utility>

#include "common/base/text.hpp"
#include "common/json/writer.hpp"
#include "common/wire/audit_export.hpp"
#include "control-plane/audit/audit_query.hpp"
#include "control-plane/audit/audit_store.hpp"
#include "control-plane/http/call.hpp"
#include "control-plane/publish/published_store.hpp"

namespace fanion::cp::audit {
namespace {

using boost::asio::awaitable;

constexpr std::size_t entries_of_a_check = 5'000;
constexpr std::size_t bytes_of_a_check = 64 * 1024 * 1024;  // or a little more; `next` goes on
constexpr std::size_t entries_of_a_step = 500;
constexpr std::size_t purges_searched = 50;  // one a day, and more only where an old log is cut for the first time

struct Verification {
    std::optional<wire::AuditHead> head;
    std::optional<AuditBeginning> beginning;
    wire::AuditStart start = wire::AuditStart::first;
    std::uint64_t from = 0;  // numbers of the first and the last entry that were checked; 0: none
    std::uint64_t to = 0;
    std::optional<std::uint64_t> broken_at;
    std::size_t rulesets = 0;                  // whose manifest names an entry that is kept
    std::vector<wire::Manifest> contradicted;  // of those, the ones that name another hash
};

void write_number(json::Writer& w, std::string_view name, std::optional<std::uint64_t> number) {
    w.key(name);
    if (number) {
        w.unsigned_integer(*number);
    } else {
        w.null();
    }
}

void write_hashed(json::Writer& w, std::string_view name, std::string_view hash_name,
                  const std::optional<wire::AuditHead>& head) {
    w.key(name);
    if (!head) {
        w.null();
        return;
    }
    w.begin_object().member("seq", head->seq).member(hash_name, to_hex(head->hash)).end_object();
}

std::string to_json(const Verification& made) {
    std::string out;
    json::Writer w(out);
    const bool is_ok = !made.broken_at && made.contradicted.empty() && made.start != wire::AuditStart::unproven;
    w.begin_object().member("ok", is_ok);
    write_hashed(w, "head", "hash", made.head);
    std::optional<wire::AuditHead> first;
    if (made.beginning) first = wire::AuditHead{made.beginning->seq, made.beginning->previous};
    write_hashed(w, "first", "previous", first);
    w.member("start", wire::name_of(made.start));
    w.key("checked").begin_object().member("from", made.from).member("to", made.to).end_object();
    write_number(w, "broken_at", made.broken_at);
    w.key("rulesets").begin_object().member("checked", std::uint64_t{made.rulesets}).key("contradicted").begin_array();
    for (const auto& manifest : made.contradicted) {
        w.begin_object().member("project", manifest.project).member("env", manifest.env);
        w.member("version", wire::to_string(manifest.version)).end_object();
    }
    w.end_array().end_object();
    const bool has_more = made.from > 0 && made.to < made.head->seq && !made.broken_at;
    write_number(w, "next", has_more ? std::optional(made.to) : std::nullopt);
    w.end_object();
    return out;
}

// Whether the retention has left an entry that names what the first entry follows.
awaitable<wire::AuditStart> find_start(db::Transaction& tx, const http::Call& call, AuditBeginning beginning) {
    if (beginning.seq == 1) co_return wire::AuditStart::first;
    AuditPage wanted;
    wanted.filter.action = std::string(name_of(Action::audit_purged));
    wanted.limit = purges_searched;
    const auto purges = co_await list_audit(tx, call.org.org_id, std::move(wanted));
    const wire::AuditHead last{beginning.seq - 1, beginning.previous};
    for (const auto& entry : purges.entries) {
        const auto facts = wire::read_audit_facts(entry.link.canonical);
        if (facts && facts->purged == last) co_return wire::AuditStart::purged;
    }
    co_return wire::AuditStart::unproven;
}

// What the entry `from` must follow; none for the first one that is kept. A hash that no entry has if the one before is
// missing.
awaitable<std::optional<wire::AuditHead>> find_before(db::Transaction& tx, const http::Call& call,
                                                      const AuditBeginning& beginning, std::uint64_t from) {
    if (from == beginning.seq) co_return std::nullopt;
    std::vector<std::int64_t> seqs(1, static_cast<std::int64_t>(from - 1));
    const auto found = co_await find_audit_hashes(tx, call.org.org_id, std::move(seqs));
    co_return wire::AuditHead{from - 1, found.empty() ? Sha256{} : found.begin()->second};
}

// Checks entries from `from` on, and that the first of them follows the one before it. Holds one page at a time.
awaitable<void> check_links(db::Transaction& tx, http::Call& call, Verification& made, std::uint64_t from) {
    std::uint64_t count = 0;
    std::size_t bytes = 0;
    auto before = co_await find_before(tx, call, *made.beginning, from);
    made.from = from;
    made.to = from - 1;
    while (count < entries_of_a_check && bytes < bytes_of_a_check && !made.broken_at) {
        const auto left = std::min<std::size_t>(entries_of_a_step, entries_of_a_check - count);
        AuditPage wanted{{}, AuditOrder::oldest_first, made.to, left};
        auto found = co_await list_audit(tx, call.org.org_id, std::move(wanted));
        if (found.entries.empty()) co_return;
        auto links = std::make_shared<std::vector<ChainLink>>();
        for (auto& entry : found.entries) {
            bytes += entry.link.canonical.size();
            links->push_back(std::move(entry.link));
        }
        count += links->size();
        auto work = [links, before] { return first_broken(*links, before); };
        made.broken_at = co_await call.services.blocking.compute(std::move(work));
        made.to = links->back().seq;
        before = wire::AuditHead{made.to, links->back().hash};
        if (!found.has_more) co_return;
    }
}

awaitable<void> check_rulesets(db::Transaction& tx, const http::Call& call, Verification& made) {
    const auto texts = co_await publish::read_newest_manifests(tx, call.org.org_id);
    std::vector<wire::Manifest> named;
    std::vector<std::int64_t> seqs;
    for (const auto& text : texts) {
        auto manifest = wire::parse_manifest(text);
        if (!manifest || !manifest->audit || manifest->audit->seq < made.beginning->seq) continue;
        seqs.push_back(static_cast<std::int64_t>(manifest->audit->seq));
        named.push_back(std::move(*manifest));
    }
    const auto hashes = co_await find_audit_hashes(tx, call.org.org_id, std::move(seqs));
    made.rulesets = named.size();
    for (auto& manifest : named) {
        const auto found = hashes.find(manifest.audit->seq);
        if (found == hashes.end() || found->second != manifest.audit->hash)
            made.contradicted.push_back(std::move(manifest));
    }
}

Result<std::optional<std::uint64_t>> read_after(const http::Call& call) {
    const auto text = call.request.query("after");
    if (!text) return std::optional<std::uint64_t>();
    const auto after = parse_u64(*text);
    if (!after || *after > INT64_MAX - 1)
        return bad_parameter("?after", "malformed", "the number of an entry: `next` of the check before");
    return std::optional<std::uint64_t>(*after);
}

http::Answer handle_verify_audit(http::Call& call) {
    if (auto ok = http::require_throughout(call, access::Permission::read); !ok) co_return ok.error();
    const auto after = read_after(call);
    if (!after) co_return after.error();
    auto tx = co_await call.services.pool.begin(call.scope(), db::Mode::snapshot);
    Verification made;
    made.head = co_await find_audit_head(tx, call.org.org_id);
    made.beginning = co_await find_audit_beginning(tx, call.org.org_id);
    if (made.head && made.beginning) {
        const auto newest = made.head->seq > entries_of_a_check ? made.head->seq - entries_of_a_check : 0;
        const auto from = std::max(made.beginning->seq, after->value_or(newest) + 1);
        made.start = co_await find_start(tx, call, *made.beginning);
        if (from <= made.head->seq) co_await check_links(tx, call, made, from);
        co_await check_rulesets(tx, call, made);
    }
    co_return net::json_response(to_json(made));
}

using access::Permission;
using net::Method;

constexpr http::Route audit_verification_table[] = {
    {Method::get, "/api/v1/orgs/{org}/audit/verification", Permission::read, handle_verify_audit, "after"},
};

}  // namespace

std::span<const http::Route> audit_verification_routes() noexcept { return audit_verification_table; }

}  // namespace fanion::cp::audit
