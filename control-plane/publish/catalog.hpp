#pragma once

// The newest committed version of every environment, as this replica has read it: signed heads, no content. One thread.

#include <map>
#include <memory>
#include <string>
#include <string_view>

#include "common/wire/manifest.hpp"
#include "control-plane/publish/version_store.hpp"

namespace fanion::cp::publish {

struct PublishedEnvironment {  // immutable
    FeedEnvironment place;
    wire::Manifest manifest;  // full
    SignedHead full;

    const wire::Version& version() const noexcept { return manifest.version; }
};
using PublishedPtr = std::shared_ptr<const PublishedEnvironment>;  // shared: read by streams while it is replaced

class Catalog {
public:
    PublishedPtr find(std::string_view env_id) const {
        const auto at = environments_.find(env_id);
        return at == environments_.end() ? nullptr : at->second;
    }
    void put(PublishedPtr environment) { environments_[environment->place.env_id] = std::move(environment); }
    void erase(std::string_view env_id) {
        if (const auto at = environments_.find(env_id); at != environments_.end()) environments_.erase(at);
    }
    const std::map<std::string, PublishedPtr, std::less<>>& environments() const noexcept { return environments_; }

private:
    std::map<std::string, PublishedPtr, std::less<>> environments_;
};

}  // namespace fanion::cp::publish
