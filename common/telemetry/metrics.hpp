#pragma once

// Metrics in the Prometheus text format. A component owns a struct of Counter, Gauge and Histogram
// members (plain atomics: counting neither allocates nor locks) and registers each of them once by
// name; Registry::text() reads them. Where each of several threads has such a struct, each is
// registered, and text() has what they are together. Thread-safe.

#include <atomic>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace fanion::telemetry {

// A number that only grows.
class Counter {
public:
    void add(std::uint64_t n = 1) noexcept { value_.fetch_add(n, std::memory_order_relaxed); }
    std::uint64_t value() const noexcept { return value_.load(std::memory_order_relaxed); }

private:
    std::atomic<std::uint64_t> value_{0};
};

// A number that can rise and fall.
class Gauge {
public:
    void set(double value) noexcept { value_.store(value, std::memory_order_relaxed); }
    double value() const noexcept { return value_.load(std::memory_order_relaxed); }

private:
    std::atomic<double> value_{0};
};

// Counts observations in buckets. The unit is the caller's; names of metrics in seconds end in
// `_seconds`.
class Histogram {
public:
    // `upper_bounds` are inclusive and ascending. The bucket up to +Inf is implicit.
    explicit Histogram(std::vector<double> upper_bounds);
    void observe(double value) noexcept;

    struct Snapshot {
        std::vector<double> upper_bounds;
        std::vector<std::uint64_t> cumulative;  // one per upper bound; the value for +Inf is `count`
        std::uint64_t count = 0;
        double sum = 0;
    };
    Snapshot snapshot() const;

private:
    const std::vector<double> upper_bounds_;
    const std::unique_ptr<std::atomic<std::uint64_t>[]> counts_;  // one per upper bound, and one for +Inf
    std::atomic<double> sum_{0};
};

// Label names and values, in the order in which they are printed.
using Labels = std::vector<std::pair<std::string, std::string>>;

// What several gauges with one name and the same labels are together.
enum class Together {
    sum,
    least,  // of what each thread knows of the same thing
};

class Registry {
public:
    Registry();
    ~Registry();
    Registry(const Registry&) = delete;

    // The registered object must outlive the registry. Registrations with the same name and other
    // labels form one family, which has the help text and type of the first. Those with the same
    // labels too are one series, the sum of all.
    void counter(std::string_view name, std::string_view help, Labels labels, const Counter& counter);
    void gauge(std::string_view name, std::string_view help, Labels labels, const Gauge& gauge,
               Together together = Together::sum);
    void histogram(std::string_view name, std::string_view help, Labels labels, const Histogram& histogram);
    // `read` is called by text(), on the thread that calls text(), while the registry's lock is
    // held: it must be thread-safe and must not use the registry.
    void counter_from(std::string_view name, std::string_view help, Labels labels, std::function<double()> read);
    void gauge_from(std::string_view name, std::string_view help, Labels labels, std::function<double()> read);
    // Gauges of one family whose label values change over time. The caller bounds their number. The
    // same conditions apply to `read`.
    using Samples = std::vector<std::pair<Labels, double>>;
    void gauges_from(std::string_view name, std::string_view help, std::function<Samples()> read);
    // The same of counters, whose values must not fall.
    void counters_from(std::string_view name, std::string_view help, std::function<Samples()> read);

    // `prepare` is called at the beginning of each text(), under the same conditions as `read`: for
    // what several functions read from and is computed at once.
    void before_reading(std::function<void()> prepare);

    // All metrics in the Prometheus text format 0.0.4.
    std::string text() const;

private:
    struct Impl;
    std::unique_ptr<Impl> impl_;
};

}  // namespace fanion::telemetry
