#include "control-plane/audit/entry.hpp"

#include "common/json/writer.hpp"

namespace fanion::cp::audit {
namespace {

void write_state(json::Writer& w, std::string_view name, const std::optional<std::string>& state) {
    w.key(name);
    if (state) {
        w.raw(*state);
    } else {
        w.null();
    }
}

}  // namespace

std::string canonical_bytes(const AuditEntry& entry) {
    std::string out;
    json::Writer w(out);
    w.begin_object()
        .member("org_id", entry.org_id.str())
        .member("seq", entry.seq)
        .member("id", entry.id)
        .member("at", entry.at);
    w.member("actor_kind", access::name_of(entry.actor_kind)).member("actor_id", entry.actor_id);
    w.member("credential_id", entry.credential_id)
        .member("action", name_of(entry.action))
        .member("resource", entry.resource);
    write_state(w, "before", entry.before);
    write_state(w, "after", entry.after);
    w.member("comment", entry.comment).member("request_id", entry.request_id).member("peer", entry.peer).end_object();
    return out;
}

Sha256 chain_hash(const Sha256& previous, std::string_view canonical) {
    Sha256Stream stream;
    stream.update(as_view(previous));
    stream.update(canonical);
    return stream.finish();
}

std::optional<std::uint64_t> first_broken(std::span<const ChainLink> links) {
    const ChainLink* before = nullptr;
    for (const auto& link : links) {
        const bool is_first = link.seq == 1;
        const auto& expected = before ? before->hash : is_first ? Sha256{} : link.previous;
        const bool follows = !before || link.seq == before->seq + 1;
        if (!follows || link.previous != expected || chain_hash(link.previous, link.canonical) != link.hash)
            return link.seq;
        before = &link;
    }
    return std::nullopt;
}

}  // namespace fanion::cp::audit
