#pragma once

// The newest committed version of every environment that this replica has read, and where that is
// held back, the one that is released: signed heads without content. One thread.

#include <algorithm>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "common/wire/manifest.hpp"
#include "control-plane/access/ids.hpp"
#include "control-plane/publish/version_store.hpp"

namespace fanion::cp::publish {

struct PublishedEnvironment {  // immutable
    FeedEnvironment place;
    wire::Manifest manifest;  // full
    SignedHead full;

    const wire::Version& version() const noexcept { return manifest.version; }
};
using PublishedPtr = std::shared_ptr<const PublishedEnvironment>;  // shared: streams read it while it is replaced

// The newest version is for relays with the label only; all others have `released`.
struct Holding {
    std::string label;
    PublishedPtr released;
};

// Who asks.
struct Viewer {
    const std::vector<std::string>& labels;
    std::optional<wire::Version> held;  // what they have already of the environment
};

class Catalog {
public:
    // What the viewer is served. Whoever has a version after the released one has a held one
    // already: a relay that was a canary before goes on as one rather than become stale.
    PublishedPtr find_for(const access::EnvironmentId& env_id, const Viewer& viewer) const {
        const auto at = holdings_.find(env_id);
        if (at == holdings_.end()) return find(env_id);
        const auto& [label, released] = at->second;
        const bool is_canary = std::find(viewer.labels.begin(), viewer.labels.end(), label) != viewer.labels.end();
        const bool is_ahead = viewer.held && released->version() < *viewer.held;
        return is_canary || is_ahead ? find(env_id) : released;
    }
    // What relays without labels are served.
    PublishedPtr find_released(const access::EnvironmentId& env_id) const {
        const auto at = holdings_.find(env_id);
        return at == holdings_.end() ? find(env_id) : at->second.released;
    }
    const Holding* holding(const access::EnvironmentId& env_id) const {
        const auto at = holdings_.find(env_id);
        return at == holdings_.end() ? nullptr : &at->second;
    }
    void hold(const access::EnvironmentId& env_id, Holding holding) { holdings_[env_id] = std::move(holding); }
    void release(const access::EnvironmentId& env_id) { holdings_.erase(env_id); }

    // The newest, held or not.
    PublishedPtr find(const access::EnvironmentId& env_id) const {
        const auto at = environments_.find(env_id);
        return at == environments_.end() ? nullptr : at->second;
    }
    void put(PublishedPtr environment) { environments_[environment->place.env_id] = std::move(environment); }
    void erase(const access::EnvironmentId& env_id) {
        if (const auto at = environments_.find(env_id); at != environments_.end()) environments_.erase(at);
        holdings_.erase(env_id);
    }
    const std::map<access::EnvironmentId, PublishedPtr>& environments() const noexcept { return environments_; }

private:
    std::map<access::EnvironmentId, PublishedPtr> environments_;
    std::map<access::EnvironmentId, Holding> holdings_;  // of environments that are there too
};

}  // namespace fanion::cp::publish
