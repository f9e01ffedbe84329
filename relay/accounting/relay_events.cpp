#include "relay/accounting/relay_events.hpp"

#include <algorithm>
#include <boost/asio/as_tuple.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>

#include "common/base/file.hpp"
#include "common/net/task_group.hpp"
#include "relay/accounting/event_recorder.hpp"
#include "relay/accounting/events_metrics.hpp"

namespace fanion::relay::accounting {

namespace asio = boost::asio;

namespace {

constexpr auto tick = std::chrono::milliseconds(1'000);
constexpr auto finish_tick = std::chrono::milliseconds(10);
constexpr auto least_gathering = std::chrono::milliseconds(2);
constexpr auto most_gathering = std::chrono::milliseconds(20);

// For how long requests are gathered into one batch: the longer, the more batches wait for the control plane.
std::chrono::milliseconds gathering_time(std::uint64_t batches) {
    constexpr auto most = static_cast<std::uint64_t>(most_gathering.count());
    return std::max(least_gathering, std::chrono::milliseconds(std::min(batches, most)));
}

}  // namespace

struct RelayEvents::Impl {
    Impl(const RelayEventsConfig& settings, FileLock directory_lock, const asio::any_io_executor& control,
         net::BlockingPool& blocking, const Clock& clock, const Log& events_log)
        : lock(std::move(directory_lock)),
          directory(settings.directory),
          log(events_log),
          flush_interval(settings.flush_interval),
          spool_bytes(settings.spool_bytes),
          pool(blocking),
          recorder(settings, clock, events_log),
          arrival(control, asio::steady_timer::time_point::max()) {
        intake.on_put([this, control] { asio::post(control, [this] { arrival.cancel(); }); });
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

    // Until something waits for its batch, then until there is a batch of it or the time to gather has passed. False: cancelled.
    asio::awaitable<bool> wait_for_events() {
        constexpr auto token = asio::as_tuple(asio::use_awaitable);
        const auto state = co_await asio::this_coro::cancellation_state;
        const auto is_cancelled = [&] { return state.cancelled() != asio::cancellation_type::none; };
        while (!intake.has_work() && !is_cancelled()) {
            arrival.expires_at(asio::steady_timer::time_point::max());
            co_await arrival.async_wait(token);
        }
        const auto until = std::chrono::steady_clock::now() + gathering_time(recorder.batches());
        while (!intake.has_batch() && std::chrono::steady_clock::now() < until && !is_cancelled()) {
            arrival.expires_at(until);
            co_await arrival.async_wait(token);
        }
        co_return !is_cancelled();
    }

    FileLock lock;  // of run_flush() after the start
    std::string directory;
    std::string lock_problem;  // logged once
    const Log& log;
    std::chrono::milliseconds flush_interval;
    std::uint64_t spool_bytes;  // at most, on disk
    net::BlockingPool& pool;
    EventRecorder recorder;
    intake::Intake intake;
    asio::steady_timer arrival;  // of run_intake(); cancelled when something was put
    std::vector<std::unique_ptr<events::Counters>> counters;
    std::unique_ptr<forward::Shipper> shipper;
};

Result<std::unique_ptr<RelayEvents>> RelayEvents::open(RelayEventsConfig config, asio::any_io_executor control,
                                                       net::BlockingPool& pool, const Clock& clock, const Log& log) {
    auto lock = FileLock::try_acquire_directory(config.directory);
    if (!lock) return lock.error();
    auto impl = std::make_unique<Impl>(config, std::move(*lock), control, pool, clock, log);
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

intake::Intake& RelayEvents::intake() noexcept { return impl_->intake; }

const EvaluationTally& RelayEvents::tally() const noexcept { return impl_->recorder.tally(); }

EventsStatus RelayEvents::status() const {
    EventsStatus status = impl_->recorder.status();
    status.last_delivery_at = impl_->shipper->last_delivery_at();
    status.last_error = impl_->shipper->last_error();
    return status;
}

void RelayEvents::register_metrics(telemetry::Registry& registry) const {
    register_events_metrics(registry, impl_->shipper->metrics(), [this] { return status(); });
    register_sdk_metrics(registry, impl_->recorder.tally());
    registry.gauge_from("fanion_relay_spool_limit_bytes", "Bytes that the spool may have on disk.", {},
                        [bytes = impl_->spool_bytes] { return static_cast<double>(bytes); });
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

asio::awaitable<void> RelayEvents::run_intake() {
    for (;;) {
        if (const bool waits = co_await impl_->wait_for_events(); !waits) co_return;
        const auto taken = std::make_shared<intake::Intake::Taken>(impl_->intake.take());
        std::function<void()> put = [this, taken] { impl_->recorder.put(*taken); };
        co_await impl_->pool.run(std::move(put));
        impl_->shipper->wake();
        for (const auto& done : taken->done)
            if (done) done();
    }
}

asio::awaitable<void> RelayEvents::run_ship() { return impl_->shipper->run(); }

void RelayEvents::set_relay_key(std::string relay_key) { impl_->shipper->set_relay_key(std::move(relay_key)); }

void RelayEvents::set_tls(const net::ClientTls& tls) { impl_->shipper->set_tls(tls); }

asio::awaitable<bool> RelayEvents::finish(std::chrono::milliseconds limit) {
    const auto deadline = std::chrono::steady_clock::now() + limit;
    std::function<void()> end = [this] {
        while (impl_->intake.has_work()) impl_->recorder.put(impl_->intake.take());
        impl_->recorder.end();
    };
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
