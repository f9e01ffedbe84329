#pragma once

// Prometheus text from counters that live where they are counted. A component owns a struct of Counter/Gauge/Histogram
// members (plain atomics: no allocation, no lock to count) and registers them by name once; collect() reads them.
// Thread-safe.

#include <atomic>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace fanion::telemetry {

class Counter {
public:
    void add(std::uint64_t n = 1) noexcept { value_.fetch_add(n, std::memory_order_relaxed); }
    std::uint64_t value() const noexcept { return value_.load(std::memory_order_relaxed); }

private:
    std::atomic<std::uint64_t> value_{0};
};

class Gauge {
public:
    void set(double value) noexcept { value_.store(value, std::memory_order_relaxed); }
    double value() const noexcept { return value_.load(std::memory_order_relaxed); }

private:
    std::atomic<double> value_{0};
};

// Counts observations by upper bound. Units are the caller's; metrics in seconds end in _seconds.
class Histogram {
public:
    explicit Histogram(std::vector<double> upper_bounds);  // ascending
    void observe(double value) noexcept;

    struct Snapshot {
        std::vector<double> upper_bounds;
        std::vector<std::uint64_t> cumulative;  // as many; +Inf is `count`
        std::uint64_t count = 0;
        double sum = 0;
    };
    Snapshot snapshot() const;

private:
    const std::vector<double> upper_bounds_;
    const std::unique_ptr<std::atomic<std::uint64_t>[]> counts_;  // one more than bounds
    std::atomic<double> sum_{0};
};

using Labels = std::vector<std::pair<std::string, std::string>>;

class Registry {
public:
    Registry();
    ~Registry();
    Registry(const Registry&) = delete;

    // The counted object must outlive the registry. Same name with other labels: one family; the help text of the first.
    void counter(std::string_view name, std::string_view help, Labels labels, const Counter& counter);
    void gauge(std::string_view name, std::string_view help, Labels labels, const Gauge& gauge);
    void histogram(std::string_view name, std::string_view help, Labels labels, const Histogram& histogram);
    // Read at collection, by whichever thread asks for the text.
    void counter_from(std::string_view name, std::string_view help, Labels labels, std::function<double()> read);
    void gauge_from(std::string_view name, std::string_view help, Labels labels, std::function<double()> read);
    // Several counters or gauges of one family whose label values change over time (bounded by the caller).
    using Samples = std::vector<std::pair<Labels, double>>;
    void counters_from(std::string_view name, std::string_view help, std::function<Samples()> read);
    void gauges_from(std::string_view name, std::string_view help, std::function<Samples()> read);

    // Prometheus text format 0.0.4.
    std::string text() const;

private:
    struct Impl;
    std::unique_ptr<Impl> impl_;
};

}  // namespace fanion::telemetry
