#pragma once

// Builds the next version from the present content and some changes: content, static checks,
// manifests, signatures. Functions do no I/O and may run on any thread; build_draft() is meant for
// the blocking pool.

#include <optional>
#include <string_view>
#include <vector>

#include "common/base/error.hpp"
#include "control-plane/projects/environment_store.hpp"
#include "control-plane/publish/environment_image.hpp"
#include "control-plane/publish/signer.hpp"
#include "control-plane/publish/version_store.hpp"

namespace fanion::cp::publish {

struct Draft {
    wire::ItemSet items;
    std::vector<wire::ItemChange> changes;  // those that change something, in key order
    Sha256 root{};
    eval::RulesetPtr ruleset;
    std::vector<Finding> warnings;  // of the item `checked`
};

// Applies `changes` to `present`'s items, compiles the whole, and runs the static checks of the
// item `checked` unless that is empty. Errors: unprocessable with the compiler's findings,
// too_large.
Result<Draft> build_draft(const EnvironmentImage& present, const std::vector<wire::ItemChange>& changes,
                          std::string_view checked = {});

// The item that says whose ruleset it is; the publisher adds it to every version.
inline constexpr std::string_view environment_item_key = "environment";
wire::ItemChange environment_item(const projects::Environment& env);

// What is signed and written for the next version. `env` is the locked row; `version` comes after
// its own. `audit`: the head of the organisation's audit log, which the manifests name. `trace`: of
// the change, which goes along with the delta; may be empty. Errors: those of Signer::sign().
Result<NewVersion> sign_version(const Signer& signer, const projects::Environment& env, const Draft& draft,
                                wire::Version version, const std::optional<wire::AuditHead>& audit, UnixMillis now,
                                std::string trace = {});

// Of a full manifest of the same version: the manifest that a delta from `base` or a head is signed
// under.
wire::Manifest delta_manifest(const wire::Manifest& full, std::string_view full_bytes, wire::DeltaBase base,
                              UnixMillis now);
wire::Manifest head_manifest(const wire::Manifest& full, UnixMillis now, UnixMillis expires_at);
wire::Manifest revoked_manifest(const wire::Manifest& full, UnixMillis now);

}  // namespace fanion::cp::publish
