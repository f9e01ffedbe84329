#pragma once

// The newest committed version of every environment that this replica has read: signed heads
// without content. One thread.

#include <map>
#include <memory>
#include <string>
#include <string_view>

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

class Catalog {
public:
    PublishedPtr find(const access::EnvironmentId& env_id) const {
        const auto at = environments_.find(env_id);
        return at == environments_.end() ? nullptr : at->second;
    }
    void put(PublishedPtr environment) { environments_[environment->place.env_id] = std::move(environment); }
    void erase(const access::EnvironmentId& env_id) {
        if (const auto at = environments_.find(env_id); at != environments_.end()) environments_.erase(at);
    }
    const std::map<access::EnvironmentId, PublishedPtr>& environments() const noexcept { return environments_; }

private:
    std::map<access::EnvironmentId, PublishedPtr> environments_;
};

}  // namespace fanion::cp::publish
