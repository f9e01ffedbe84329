#include "relay/accounting/relay_events.hpp"

#include "common/base/file.hpp"
#include "common/net/task_group.hpp"
#include "relay/accounting/event_recorder.hpp"
#include "relay/accounting/events_metrics.hpp"

namespace fanion::relay::accounting {

namespace asio = boost::asio;

namespace {

constexpr auto tick = std::chrono::milliseconds(1'000);
constexpr auto finish_tick = std::chrono::milliseconds(10);

}  // namespace

struct RelayEvents::Impl {
    Impl(const RelayEventsConfig& settings, FileLock directory_lock, net::BlockingPool& blocking, const Clock& clock,
         const Log& events_log)
        : lock(std::move(directory_lock)),
          directory(settings.directory),
          log(events_log),
          flush_interval(settings.flush_interval),
          pool(blocking),
          recorder(settings, clock, events_log) {
        for (unsigned worker = 0; worker < settings.workers; ++worker) {
            counters.push_back(std::make_unique<events::Counters>(recorder.table(), worker));
        }
    }

    // The directory may be removed under the running process, or become writable. Blocking.
    void keep_lock() {
        const auto renewed = lock.renew_directory(directory);
        const auto now = renewed ? std::string() : renewed.error().detail;
        if (!now.empty() && now != lock_problem) log.error("spool_directory_lost", {{"problem", now}});
        lock_problem = now;
    }

    FileLock lock;  // of run_flush() after the start
    std::string directory;
    std::string lock_problem;  // logged once
    const Log& log;
    std::chrono::milliseconds flush_interval;
    net::BlockingPool& pool;
    EventRecorder recorder;
    std::vector<std::unique_ptr<events::Counters>> counters;
    std::unique_ptr<forward::Shipper> shipper;
};

Result<std::unique_ptr<RelayEvents>> RelayEvents::open(RelayEventsConfig config, asio::any_io_executor control,
                                                       net::BlockingPool& pool, const Clock& clock, const Log& log) {
    auto lock = FileLock::try_acquire_directory(config.directory);
    if (!lock) return lock.error();
    auto impl = std::make_unique<Impl>(config, std::move(*lock), pool, clock, log);
    const forward::Shipper::Services services{std::move(control), pool, clock, log};
    auto shipper = forward::Shipper::make(services, std::move(config.upstreams), std::move(config.relay_key),
                                          impl->recorder.spool());
    if (!shipper) return shipper.error();
    impl->shipper = std::move(*shipper);
    return std::unique_ptr<RelayEvents>(new RelayEvents(std::move(impl)));
}

RelayEvents::RelayEvents(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
RelayEvents::~RelayEvents() = default;

events::Counters& RelayEvents::counters(unsigned worker) noexcept { return *impl_->counters[worker]; }

EventsStatus RelayEvents::status() const {
    EventsStatus status = impl_->recorder.status();
    status.last_delivery_at = impl_->shipper->last_delivery_at();
    status.last_error = impl_->shipper->last_error();
    return status;
}

void RelayEvents::register_metrics(telemetry::Registry& registry) const {
    register_events_metrics(registry, impl_->shipper->metrics(), [this] { return status(); });
}

asio::awaitable<void> RelayEvents::run_flush() {
    auto last = std::chrono::steady_clock::now();
    for (;;) {
        if (const bool slept = co_await net::sleep_for(std::min(tick, impl_->flush_interval)); !slept) co_return;
        const auto now = std::chrono::steady_clock::now();
        if (now - last < impl_->flush_interval && !impl_->recorder.wants_flush()) continue;
        last = now;
        std::function<void()> flush = [this] {
            impl_->keep_lock();
            impl_->recorder.flush();
        };
        co_await impl_->pool.run(std::move(flush));
        impl_->shipper->wake();
        std::function<void()> sync = [&recorder = impl_->recorder] { recorder.sync(); };
        co_await impl_->pool.run(std::move(sync));
    }
}

asio::awaitable<void> RelayEvents::run_ship() { return impl_->shipper->run(); }

void RelayEvents::set_relay_key(std::string relay_key) { impl_->shipper->set_relay_key(std::move(relay_key)); }

void RelayEvents::set_tls(const net::ClientTls& tls) { impl_->shipper->set_tls(tls); }

asio::awaitable<bool> RelayEvents::finish(std::chrono::milliseconds limit) {
    const auto deadline = std::chrono::steady_clock::now() + limit;
    std::function<void()> end = [&recorder = impl_->recorder] { recorder.end(); };
    const bool ended = co_await impl_->pool.run_for(std::move(end), limit);
    if (!ended) co_return false;
    impl_->shipper->wake();
    // After a failure the next attempt is seconds away, and what the spool holds is not lost.
    while (impl_->recorder.status().batches > 0 && impl_->shipper->last_error().empty() &&
           std::chrono::steady_clock::now() < deadline) {
        if (const bool slept = co_await net::sleep_for(finish_tick); !slept) break;
    }
    co_return true;
}

}  // namespace fanion::relay::accounting
