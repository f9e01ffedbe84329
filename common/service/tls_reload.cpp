#include "common/service/tls_reload.hpp"

#include <sys/stat.h>

#include "common/net/task_group.hpp"

namespace fanion::service {

namespace asio = boost::asio;

namespace {

// Changes whenever a file is written, replaced or made readable, also by way of a symbolic link to its directory.
std::string appearance_of(const std::vector<std::string>& paths) {
    std::string text;
    for (const auto& file : paths) {
        struct stat found {};
        text += file;
        if (::stat(file.c_str(), &found) == 0) {
            for (const auto part : {std::int64_t{found.st_mtim.tv_sec}, std::int64_t{found.st_mtim.tv_nsec},
                                    std::int64_t{found.st_ctim.tv_sec}, std::int64_t{found.st_ctim.tv_nsec},
                                    std::int64_t{found.st_size}, static_cast<std::int64_t>(found.st_ino)}) {
                text += ' ' + std::to_string(part);
            }
        }
        text += '\n';
    }
    return text;
}

}  // namespace

TlsReload::TlsReload(Files paths, net::BlockingPool& pool, const Log& log)
    : files_(std::move(paths)), pool_(pool), log_(log), in_force_(appearance_of(files_())) {}

void TlsReload::register_metrics(telemetry::Registry& registry) const {
    registry.counter("fanion_tls_reload_failures_total", "Changed certificates that could not be put in force.", {},
                     failures_);
}

asio::awaitable<std::string> TlsReload::look() {
    const std::function<std::string()> look = [paths = files_()] { return appearance_of(paths); };
    auto looking = pool_.compute(look);
    co_return co_await std::move(looking);
}

asio::awaitable<void> TlsReload::run(Apply apply, std::chrono::milliseconds interval) {
    auto before = in_force_;
    while ([[maybe_unused]] const bool slept = co_await net::sleep_for(interval)) {
        auto now = co_await look();
        const bool has_settled = now == before;
        before = std::move(now);
        if (!has_settled || before == in_force_) continue;
        in_force_ = before;
        co_await reload(apply);
    }
}

asio::awaitable<void> TlsReload::reload(const Apply& apply) {
    auto applying = apply();
    const auto applied = co_await std::move(applying);
    if (applied) {
        log_.info("certificates_reread");
        co_return;
    }
    failures_.add();
    log_.error("certificates_refused",
               {{"error", describe(applied.error())}, {"action", "keeping the certificates in force"}});
}

}  // namespace fanion::service
