// The trust document's side of EnvironmentCache: successors are appended, stored, and written again.

#include <functional>
#include <utility>

#include "relay/cache/environment_cache.hpp"

namespace fanion::relay::cache {

Result<> EnvironmentCache::append_trust(std::string_view bytes) {
    auto appended = trust_.append(bytes);
    if (!appended) return appended;
    publish_trust_version();
    start_trust_writer(trust_version(), std::string(bytes));
    return {};
}

void EnvironmentCache::start_trust_writer(std::uint64_t version, std::string bytes) {
    writing_trust_.insert(version);
    services_.tasks.spawn("trust_writer", write_trust(version, std::move(bytes)));
}

boost::asio::awaitable<void> EnvironmentCache::write_trust(std::uint64_t version, std::string bytes) {
    const std::function<Result<>()> save = [directory = trust_.directory(), version, document = std::move(bytes)] {
        return save_trust(directory, version, document);
    };
    const Result<> written = co_await services_.pool.compute(save);
    writing_trust_.erase(version);
    const std::string problem = written ? "" : written.error().detail;
    if (!written) services_.metrics.disk_failures.add();
    if (!written && problem != trust_write_problem_)  // it is tried again for as long as the disk refuses it
        services_.log.error("trust_write_failed", {{"version", version}, {"problem", problem}});
    trust_write_problem_ = problem;
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

// Files that were removed, and those whose writing failed.
boost::asio::awaitable<void> EnvironmentCache::restore_trust_files() {
    std::vector<std::uint64_t> expected;
    for (const auto& [version, bytes] : trust_.successors()) {
        if (!writing_trust_.contains(version)) expected.push_back(version);
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
    for (const auto version : missing_trust) {
        const auto found = trust_.successors().find(version);
        if (found == trust_.successors().end()) continue;
        if (trust_write_problem_.empty()) services_.log.error("trust_file_missing", {{"version", version}});
        start_trust_writer(version, found->second);
    }
}

}  // namespace fanion::relay::cache
