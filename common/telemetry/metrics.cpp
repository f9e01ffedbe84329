#include "common/telemetry/metrics.hpp"

#include <prometheus/client_metric.h>
#include <prometheus/metric_family.h>
#include <prometheus/text_serializer.h>

#include <mutex>

namespace fanion::telemetry {
namespace {

using prometheus::ClientMetric;
using prometheus::MetricFamily;
using prometheus::MetricType;

ClientMetric make_metric(const Labels& labels) {
    ClientMetric metric;
    for (const auto& [name, value] : labels) metric.label.push_back({name, value});
    return metric;
}

void set_value(ClientMetric& metric, MetricType type, double value) {
    if (type == MetricType::Counter) {
        metric.counter.value = value;
    } else {
        metric.gauge.value = value;
    }
}

void set_histogram(ClientMetric& metric, const Histogram::Snapshot& snapshot) {
    metric.histogram.sample_count = snapshot.count;
    metric.histogram.sample_sum = snapshot.sum;
    for (std::size_t i = 0; i < snapshot.upper_bounds.size(); ++i) {
        metric.histogram.bucket.push_back({snapshot.cumulative[i], snapshot.upper_bounds[i]});
    }
}

}  // namespace

struct Registry::Impl {
    using Collect = std::function<void(std::vector<ClientMetric>&)>;
    struct Family {
        std::string name;
        std::string help;
        MetricType type;
        std::vector<Collect> parts;
    };

    void add(std::string_view name, std::string_view help, MetricType type, Collect part) {
        std::lock_guard lock(mutex);
        for (auto& family : families) {
            if (family.name != name) continue;
            family.parts.push_back(std::move(part));
            return;
        }
        auto& family = families.emplace_back(Family{std::string(name), std::string(help), type, {}});
        family.parts.push_back(std::move(part));
    }

    void add_value(std::string_view name, std::string_view help, MetricType type, Labels labels,
                   std::function<double()> read) {
        add(name, help, type,
            [type, labels = std::move(labels), read = std::move(read)](std::vector<ClientMetric>& out) {
                out.push_back(make_metric(labels));
                set_value(out.back(), type, read());
            });
    }

    mutable std::mutex mutex;  // not contended: registration happens at startup, and text() locks it once
    std::vector<Family> families;
    std::vector<std::function<void()>> preparations;
};

Registry::Registry() : impl_(std::make_unique<Impl>()) {}
Registry::~Registry() = default;

void Registry::counter(std::string_view name, std::string_view help, Labels labels, const Counter& counter) {
    impl_->add_value(name, help, MetricType::Counter, std::move(labels),
                     [&counter] { return static_cast<double>(counter.value()); });
}

void Registry::gauge(std::string_view name, std::string_view help, Labels labels, const Gauge& gauge) {
    impl_->add_value(name, help, MetricType::Gauge, std::move(labels), [&gauge] { return gauge.value(); });
}

void Registry::histogram(std::string_view name, std::string_view help, Labels labels, const Histogram& histogram) {
    impl_->add(name, help, MetricType::Histogram,
               [labels = std::move(labels), &histogram](std::vector<ClientMetric>& out) {
                   out.push_back(make_metric(labels));
                   set_histogram(out.back(), histogram.snapshot());
               });
}

void Registry::counter_from(std::string_view name, std::string_view help, Labels labels, std::function<double()> read) {
    impl_->add_value(name, help, MetricType::Counter, std::move(labels), std::move(read));
}

void Registry::gauge_from(std::string_view name, std::string_view help, Labels labels, std::function<double()> read) {
    impl_->add_value(name, help, MetricType::Gauge, std::move(labels), std::move(read));
}

void Registry::gauges_from(std::string_view name, std::string_view help, std::function<Samples()> read) {
    impl_->add(name, help, MetricType::Gauge, [read = std::move(read)](std::vector<ClientMetric>& out) {
        for (const auto& [labels, value] : read()) {
            out.push_back(make_metric(labels));
            out.back().gauge.value = value;
        }
    });
}

void Registry::before_reading(std::function<void()> prepare) {
    std::lock_guard lock(impl_->mutex);
    impl_->preparations.push_back(std::move(prepare));
}

std::string Registry::text() const {
    std::vector<MetricFamily> families;
    {
        std::lock_guard lock(impl_->mutex);
        for (const auto& prepare : impl_->preparations) prepare();
        for (const auto& family : impl_->families) {
            families.push_back({family.name, family.help, family.type, {}});
            for (const auto& part : family.parts) part(families.back().metric);
        }
    }
    return prometheus::TextSerializer().Serialize(families);
}

}  // namespace fanion::telemetry
