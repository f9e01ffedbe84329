#include "common/service/descriptors.hpp"

#include <dirent.h>
#include <sys/resource.h>

#include <algorithm>

namespace fanion::service {
namespace {

constexpr std::uint64_t most = 1u << 20;  // some systems allow a billion, and a child may close each of them one by one
constexpr std::size_t files = 64;
constexpr std::size_t per_thread = 6;  // an event loop's three, two acceptors, a connection that is refused

}  // namespace

DescriptorLimit raise_descriptor_limit() noexcept {
    rlimit limit{};
    if (::getrlimit(RLIMIT_NOFILE, &limit) != 0) return {1024, 1024};
    DescriptorLimit result{std::uint64_t{limit.rlim_cur}, std::uint64_t{limit.rlim_cur}};
    const rlimit raised{std::min<rlim_t>(limit.rlim_max, most), limit.rlim_max};
    if (raised.rlim_cur > limit.rlim_cur && ::setrlimit(RLIMIT_NOFILE, &raised) == 0) result.now = raised.rlim_cur;
    return result;
}

std::size_t open_descriptors() noexcept {
    DIR* const directory = ::opendir("/proc/self/fd");
    if (directory == nullptr) return files;
    std::size_t count = 0;
    while (::readdir(directory) != nullptr) ++count;
    ::closedir(directory);
    return count;
}

std::size_t descriptor_reserve(std::size_t open, unsigned threads, std::size_t outgoing) noexcept {
    return open + per_thread * threads + operators_connections + outgoing + files;
}

std::size_t connection_bound(std::uint64_t limit, std::size_t reserve, std::size_t wanted) noexcept {
    const auto left = limit > reserve ? limit - reserve : 0;
    const auto bound = std::max<std::uint64_t>({left, limit / 8, 1});
    return static_cast<std::size_t>(std::min<std::uint64_t>(bound, wanted));
}

ConnectionBounds connection_bounds(const DescriptorLimit& limit, std::size_t reserve, ConnectionBounds wanted,
                                   const Log& log) {
    const auto all = wanted.http + wanted.grpc;
    const auto bound = connection_bound(limit.now, reserve, all);
    log.info("descriptor_limit",
             {{"limit", limit.now}, {"before", limit.before}, {"connections", std::uint64_t{bound}}});
    if (bound >= all) return wanted;
    log.warn("connections_reduced", {{"wanted", std::uint64_t{all}},
                                     {"connections", std::uint64_t{bound}},
                                     {"action", "raise the hard limit of open files (ulimit -Hn, LimitNOFILE=)"}});
    if (wanted.grpc == 0) return {bound, 0};
    const auto grpc = std::max<std::size_t>(bound * wanted.grpc / all, 1);
    return {std::max<std::size_t>(bound - grpc, 1), grpc};
}

}  // namespace fanion::service
