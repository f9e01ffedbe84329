#include "common/wire/audit_chain.hpp"

#include <limits>
#include <utility>

#include "common/json/limits.hpp"
#include "common/wire/json_input.hpp"

namespace fanion::wire {
namespace {

constexpr std::size_t states_depth = 8;  // states are nested deeper in an entry than where they came from

std::optional<AuditHead> read_purged(json::Reader& entry) {
    auto state = entry.optional_object("after");
    if (!state) return std::nullopt;
    AuditHead head;
    head.seq = static_cast<std::uint64_t>(state->integer("through", 1, largest_integer));
    const auto hash = sha256_from_hex(state->string("hash"));
    if (!hash) state->fail_at("hash", "malformed", "must be 64 lower-case hexadecimal digits");
    head.hash = hash.value_or(Sha256{});
    return head;
}

AuditFacts read_facts(json::Reader& r) {
    AuditFacts facts;
    facts.org_id = r.string("org_id");
    facts.seq = static_cast<std::uint64_t>(r.integer("seq", 1, largest_integer));
    facts.id = r.string("id");
    facts.at = r.integer("at", 0, latest_time);
    facts.action = r.string("action");
    if (facts.action == audit_purged_action) facts.purged = read_purged(r);
    return facts;
}

}  // namespace

Sha256 chain_hash(const Sha256& previous, std::string_view canonical) {
    Sha256Stream stream;
    stream.update(as_view(previous));
    stream.update(canonical);
    return stream.finish();
}

Result<AuditFacts> read_audit_facts(std::string_view canonical) {
    json::ScanLimits limits;
    limits.bytes = limits.string_bytes = std::numeric_limits<std::size_t>::max();
    limits.depth += states_depth;
    json::Document document;
    if (auto parsed = document.parse(canonical, limits); !parsed) return parsed.error();
    std::vector<Finding> findings;
    json::Reader reader(document.root(), findings);
    auto facts = read_facts(reader);
    if (findings.empty()) return facts;
    return Error{Errc::invalid_input, "this is not an audit entry", std::move(findings)};
}

}  // namespace fanion::wire
