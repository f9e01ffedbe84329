#include "control-plane/secrets/key_watch.hpp"

#include <algorithm>
#include <string>

#include "common/net/task_group.hpp"
#include "control-plane/db/error.hpp"

namespace fanion::cp::secrets {

using boost::asio::awaitable;

KeyMetrics::KeyMetrics(telemetry::Registry& registry) : kinds(sealed_kinds().size()) {
    constexpr auto name = "fanion_control_plane_sealed_values";
    constexpr auto help = "Sealed values in the database, by the key that they need.";
    for (std::size_t i = 0; i < kinds.size(); ++i) {
        const std::string kind(sealed_kinds()[i].name);
        registry.gauge(name, help, {{"kind", kind}, {"key", "current"}}, kinds[i].current);
        registry.gauge(name, help, {{"kind", kind}, {"key", "older"}}, kinds[i].older);
        registry.gauge(name, help, {{"kind", kind}, {"key", "unknown"}}, kinds[i].unknown);
    }
}

awaitable<void> KeyWatch::look() {
    if (keys_.empty()) co_return;
    const auto keys = keys_;  // they may be replaced meanwhile
    const auto counts = co_await count_by_key(pool_, keys);
    std::uint64_t unknown = 0;
    for (std::size_t i = 0; i < counts.size(); ++i) {
        metrics_.kinds[i].current.set(static_cast<double>(counts[i].current));
        metrics_.kinds[i].older.set(static_cast<double>(counts[i].older));
        metrics_.kinds[i].unknown.set(static_cast<double>(counts[i].unknown));
        unknown += counts[i].unknown;
    }
    if (unknown > unknown_) {
        log_.error("secrets_unreadable",
                   {{"values", unknown}, {"action", "put the key that is missing into the file of --secrets-key"}});
    }
    unknown_ = unknown;
}

awaitable<void> KeyWatch::run() {
    for (;;) {
        const auto begun = std::chrono::steady_clock::now();
        try {
            co_await look();
        } catch (const db::PgError& error) {
            log_.warn("secrets_not_counted", {{"detail", error.what()}, {"action", "retrying"}});
        }
        const auto rest = std::max<std::chrono::nanoseconds>(pause, share * (std::chrono::steady_clock::now() - begun));
        co_await net::sleep_for(std::chrono::ceil<std::chrono::milliseconds>(rest));
    }
}

}  // namespace fanion::cp::secrets
