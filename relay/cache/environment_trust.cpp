// The trust document's side of EnvironmentCache: successors are appended, stored, and written again.

#include <functional>
#include <utility>

#include "relay/cache/environment_cache.hpp"

namespace fanion::relay::cache {

Result<> EnvironmentCache::append_trust(std::string_view bytes) {
    auto appended = trust_.append(bytes);
    if (!appended) return appended;
    publish_trust_version();
    trust_writer_.write({{trust_version(), std::string(bytes)}});
    return {};
}

boost::asio::awaitable<Result<>> EnvironmentCache::replace_trust(std::string first) {
    const std::function<Result<TrustChain>()> open = [directory = trust_.directory(), first = std::move(first)] {
        return TrustChain::open(directory, first);
    };
    for (bool is_read = false; !is_read;) {
        const auto version = trust_version();
        auto opening = services_.pool.compute(open);
        auto chain = co_await std::move(opening);
        if (!chain) co_return chain.error();
        is_read = trust_version() == version;  // otherwise one may have come, and been stored, meanwhile
        if (!is_read) continue;
        chain->append_following(trust_.successors());  // the disk may lack some, or get them too late to be read
        trust_ = std::move(*chain);
    }
    trust_writer_.write_all(trust_.successors());
    publish_trust_version();
    if (!trust_.disk_problem().empty())
        services_.log.error("trust_load_failed", {{"version", trust_version()}, {"problem", trust_.disk_problem()}});
    co_return boost::system::in_place_value;
}

void EnvironmentCache::publish_trust_version() {
    services_.log.info("trust_updated", {{"version", trust_version()}});
    services_.metrics.trust_version.set(static_cast<double>(trust_version()));
    services_.registry.put_trust(trust_.documents());
    notify();
}

TrustChain::Successors EnvironmentCache::trust_documents() const {
    auto documents = trust_.successors();
    const auto current = trust_.current();
    documents.emplace(current->version, current->bytes);
    return documents;
}

// Files that were removed, and those whose writing failed.
boost::asio::awaitable<void> EnvironmentCache::restore_trust_files() {
    std::vector<std::uint64_t> expected;
    for (const auto& [version, bytes] : trust_.successors()) {
        if (!trust_writer_.is_pending(version)) expected.push_back(version);
    }
    const std::function<std::vector<std::uint64_t>()> find_missing_trust = [directory = trust_.directory(),
                                                                            versions = std::move(expected)] {
        std::vector<std::uint64_t> missing;
        for (const auto version : versions) {
            if (is_trust_missing(directory, version)) missing.push_back(version);
        }
        return missing;
    };
    const auto missing_trust = co_await services_.pool.compute(find_missing_trust);
    TrustChain::Successors missing;
    for (const auto version : missing_trust) {
        const auto found = trust_.successors().find(version);
        if (found == trust_.successors().end()) continue;
        services_.log.error("trust_file_missing", {{"version", version}});
        missing.insert(*found);
    }
    trust_writer_.write(missing);
}

}  // namespace fanion::relay::cache
