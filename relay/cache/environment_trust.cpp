// The trust document's side of EnvironmentCache: successors are appended, stored, and written again.

#include <functional>
#include <utility>

#include "relay/cache/environment_cache.hpp"

namespace fanion::relay::cache {

Result<> EnvironmentCache::append_trust(std::string_view bytes) {
    auto appended = trust_.append(bytes);
    if (!appended) return appended;
    publish_trust_version();
    services_.tasks.spawn("trust_writer", write_trust(trust_version(), std::string(bytes)));
    return {};
}

boost::asio::awaitable<void> EnvironmentCache::write_trust(std::uint64_t version, std::string bytes) {
    const std::function<Result<>()> save = [directory = trust_.directory(), version, document = std::move(bytes)] {
        return save_trust(directory, version, document);
    };
    const Result<> written = co_await services_.pool.compute(save);
    if (written) {
        trust_.set_saved(version);
    } else {
        services_.metrics.disk_failures.add();
        services_.log.error("trust_write_failed", {{"version", version}, {"problem", written.error().detail}});
    }
}

boost::asio::awaitable<Result<>> EnvironmentCache::replace_trust(std::string first) {
    const std::function<Result<TrustChain>()> open = [directory = trust_.directory(), first = std::move(first)] {
        return TrustChain::open(directory, first);
    };
    for (bool is_read = false; !is_read;) {
        const auto version = trust_version();
        const auto unsaved = trust_.unsaved();  // some may be stored while the disk is read, too late to be read
        auto opening = services_.pool.compute(open);
        auto chain = co_await std::move(opening);
        if (!chain) co_return chain.error();
        is_read = trust_version() == version;  // otherwise one may have come, and been stored, meanwhile
        if (!is_read) continue;
        chain->append_following(unsaved);
        trust_ = std::move(*chain);
    }
    publish_trust_version();
    if (!trust_.disk_problem().empty())
        services_.log.error("trust_load_failed", {{"version", trust_version()}, {"problem", trust_.disk_problem()}});
    co_return boost::system::in_place_value;
}

void EnvironmentCache::publish_trust_version() {
    services_.log.info("trust_updated", {{"version", trust_version()}});
    services_.metrics.trust_version.set(static_cast<double>(trust_version()));
    notify();
}

// Versions whose files should be there.
std::vector<std::uint64_t> EnvironmentCache::saved_trust() const {
    std::vector<std::uint64_t> versions;
    for (const auto& [version, bytes] : trust_.successors()) {
        if (!trust_.unsaved().contains(version)) versions.push_back(version);
    }
    return versions;
}

boost::asio::awaitable<void> EnvironmentCache::restore_trust_files() {
    const std::function<std::vector<std::uint64_t>()> find_missing_trust = [directory = trust_.directory(),
                                                                            saved = saved_trust()] {
        std::vector<std::uint64_t> versions;
        for (const auto version : saved) {
            if (is_trust_missing(directory, version)) versions.push_back(version);
        }
        return versions;
    };
    const auto missing_trust = co_await services_.pool.compute(find_missing_trust);
    for (const auto version : missing_trust) {
        const auto found = trust_.successors().find(version);
        if (found == trust_.successors().end()) continue;
        services_.log.error("trust_files_removed", {{"version", version}});
        services_.tasks.spawn("trust_writer", write_trust(version, found->second));
    }
}

}  // namespace fanion::relay::cache
