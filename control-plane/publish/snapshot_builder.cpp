#include "control-plane/publish/snapshot_builder.hpp"

#include <algorithm>
#include <iterator>
#include <map>
#include <memory>
#include <string>
#include <utility>

#include "common/eval/check/check.hpp"
#include "common/eval/compile/compile_reading.hpp"
#include "common/json/limits.hpp"
#include "common/model/json.hpp"
#include "common/wire/delta.hpp"

namespace fanion::cp::publish {
namespace {

// The last change of each key, without those that change nothing.
std::vector<wire::ItemChange> effective_changes(const wire::ItemSet& items,
                                                const std::vector<wire::ItemChange>& changes) {
    std::map<std::string_view, const wire::ItemChange*> last;
    for (const auto& change : changes) last[change.key] = &change;
    std::vector<wire::ItemChange> out;
    for (const auto& [key, change] : last) {
        const auto held = items.items().find(key);
        const bool is_held = held != items.items().end();
        if (change->body ? is_held && held->second.hash == sha256(*change->body) : !is_held) continue;
        out.push_back(*change);
    }
    return out;
}

std::vector<eval::Item> to_items(const wire::ItemSet& items) {
    std::vector<eval::Item> list;
    list.reserve(items.size());
    for (const auto& [key, item] : items.items()) list.push_back({key, item.body});
    return list;
}

// False for most: an item that is not marked `client` has no such text.
bool was_for_clients(const wire::ItemSet& items, std::string_view key) {
    const auto held = items.items().find(key);
    return held != items.items().end() && held->second.body &&
           held->second.body->find(R"("client":true)") != std::string::npos;
}

wire::Manifest full_manifest(const std::string& iss, const projects::Environment& env, const Draft& draft) {
    wire::Manifest m;
    m.type = wire::ManifestType::full;
    m.iss = iss;
    m.org = env.org_key;
    m.project = env.project_key;
    m.env = env.key;
    m.env_id = env.env_id.str();
    m.prev = env.manifest_sha256;
    m.root = draft.root;
    m.items = draft.items.size();
    m.bytes = draft.items.bytes();
    return m;
}

}  // namespace

Result<Draft> build_draft(const EnvironmentImage& present, const std::vector<wire::ItemChange>& changes,
                          std::string_view checked) {
    Draft draft;
    draft.changes = effective_changes(present.items, changes);
    draft.items = present.items;
    wire::apply_changes(draft.items, draft.changes);
    if (draft.items.bytes() > limits::environment_bytes)
        return Error{Errc::too_large, "the environment's ruleset would be larger than 32 MiB"};
    const auto list = to_items(draft.items);
    auto compiled = eval::compile_reading(list, present.ruleset.get(), checked);
    if (!compiled) return compiled.error();
    draft.ruleset = std::move(compiled->ruleset);
    draft.root = draft.items.root();
    if (checked.empty()) return draft;
    draft.warnings = eval::check_item(list, checked, compiled->segment);
    if (was_for_clients(present.items, checked)) {
        auto lost = eval::check_client_loss(to_items(present.items), list, checked, std::move(compiled->segment));
        std::ranges::move(lost, std::back_inserter(draft.warnings));
    }
    return draft;
}

wire::ItemChange environment_item(const projects::Environment& env) {
    std::string body;
    json::Writer w(body);
    model::write_environment(w, {env.org_key, env.project_key, env.key, env.env_id.str()});
    return {std::string(environment_item_key), std::make_shared<const std::string>(std::move(body))};
}

Result<NewVersion> sign_version(const Signer& signer, const projects::Environment& env, const Draft& draft,
                                wire::Version version, const std::optional<wire::AuditHead>& audit, UnixMillis now,
                                std::string trace) {
    auto manifest = full_manifest(signer.iss(), env, draft);
    manifest.version = version;
    manifest.audit = audit;
    manifest.issued_at = now;
    NewVersion out;
    out.env_id = env.env_id;
    out.org_id = env.org_id;
    out.version = version;
    out.root = draft.root;
    out.items = manifest.items;
    out.bytes = manifest.bytes;
    out.issued_at = now;
    auto full = signer.sign(manifest);
    if (!full) return full.error();
    out.full = std::move(*full);
    out.manifest_sha256 = sha256(out.full.manifest);
    out.changes = draft.changes;
    const bool follows = env.version.epoch == version.epoch && env.version.number + 1 == version.number && env.root;
    if (follows && env.version.number > 0) {
        const wire::DeltaBase base{env.version, *env.root};
        auto delta = signer.sign(delta_manifest(manifest, out.full.manifest, base, now), out.full, std::move(trace));
        if (!delta) return delta.error();
        out.delta = std::move(*delta);
    }
    return out;
}

wire::Manifest delta_manifest(const wire::Manifest& full, std::string_view full_bytes, wire::DeltaBase base,
                              UnixMillis now) {
    auto m = full;
    m.type = wire::ManifestType::delta;
    m.issued_at = now;
    m.base = base;
    m.full = sha256(full_bytes);
    return m;
}

wire::Manifest head_manifest(const wire::Manifest& full, UnixMillis now, UnixMillis expires_at) {
    auto m = full;
    m.type = wire::ManifestType::head;
    m.prev.reset();
    m.issued_at = now;
    m.expires_at = expires_at;
    return m;
}

wire::Manifest revoked_manifest(const wire::Manifest& full, UnixMillis now) {
    auto m = full;
    m.type = wire::ManifestType::revoked;
    m.issued_at = now;
    return m;
}

}  // namespace fanion::cp::publish
