#include "common/telemetry/metrics.hpp"

#include <prometheus/client_metric.h>
#include <prometheus/metric_family.h>
#include <prometheus/text_serializer.h>

#include <algorithm>
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

double together_of(const std::vector<std::function<double()>>& values, Together together) {
    double result = values.front()();
    for (std::size_t i = 1; i < values.size(); ++i) {
        const double value = values[i]();
        result = together == Together::sum ? result + value : std::min(result, value);
    }
    return result;
}

// Histograms of one name have the same bounds.
void set_histogram(ClientMetric& metric, const std::vector<const Histogram*>& histograms) {
    auto& out = metric.histogram;
    for (const auto* histogram : histograms) {
        const auto snapshot = histogram->snapshot();
        out.sample_count += snapshot.count;
        out.sample_sum += snapshot.sum;
        out.bucket.resize(snapshot.upper_bounds.size());
        for (std::size_t i = 0; i < snapshot.upper_bounds.size(); ++i) {
            out.bucket[i].cumulative_count += snapshot.cumulative[i];
            out.bucket[i].upper_bound = snapshot.upper_bounds[i];
        }
    }
}

}  // namespace

struct Registry::Impl {
    // One series with what it is made of, or with `samples` a family's changing ones.
    struct Part {
        Labels labels;
        Together together = Together::sum;
        std::vector<std::function<double()>> values;
        std::vector<const Histogram*> histograms;
        std::function<Samples()> samples;
    };
    struct Family {
        std::string name;
        std::string help;
        MetricType type;
        std::vector<Part> parts;
    };

    Family& family_of(std::string_view name, std::string_view help, MetricType type) {
        for (auto& family : families)
            if (family.name == name) return family;
        return families.emplace_back(Family{std::string(name), std::string(help), type, {}});
    }

    Part& series_of(Family& family, Labels labels) {
        for (auto& part : family.parts)
            if (!part.samples && part.labels == labels) return part;
        auto& made = family.parts.emplace_back();
        made.labels = std::move(labels);
        return made;
    }

    void add_value(std::string_view name, std::string_view help, MetricType type, Labels labels,
                   std::function<double()> read, Together together = Together::sum) {
        const std::lock_guard lock(mutex);
        auto& series = series_of(family_of(name, help, type), std::move(labels));
        series.together = together;
        series.values.push_back(std::move(read));
    }

    static void collect(const Part& part, MetricType type, std::vector<ClientMetric>& out) {
        if (part.samples) {
            for (const auto& [labels, value] : part.samples()) {
                out.push_back(make_metric(labels));
                set_value(out.back(), type, value);
            }
            return;
        }
        out.push_back(make_metric(part.labels));
        if (type == MetricType::Histogram) return set_histogram(out.back(), part.histograms);
        set_value(out.back(), type, together_of(part.values, part.together));
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

void Registry::gauge(std::string_view name, std::string_view help, Labels labels, const Gauge& gauge,
                     Together together) {
    impl_->add_value(
        name, help, MetricType::Gauge, std::move(labels), [&gauge] { return gauge.value(); }, together);
}

void Registry::histogram(std::string_view name, std::string_view help, Labels labels, const Histogram& histogram) {
    const std::lock_guard lock(impl_->mutex);
    auto& family = impl_->family_of(name, help, MetricType::Histogram);
    impl_->series_of(family, std::move(labels)).histograms.push_back(&histogram);
}

void Registry::counter_from(std::string_view name, std::string_view help, Labels labels, std::function<double()> read) {
    impl_->add_value(name, help, MetricType::Counter, std::move(labels), std::move(read));
}

void Registry::gauge_from(std::string_view name, std::string_view help, Labels labels, std::function<double()> read) {
    impl_->add_value(name, help, MetricType::Gauge, std::move(labels), std::move(read));
}

void Registry::gauges_from(std::string_view name, std::string_view help, std::function<Samples()> read) {
    const std::lock_guard lock(impl_->mutex);
    impl_->family_of(name, help, MetricType::Gauge).parts.emplace_back().samples = std::move(read);
}

void Registry::counters_from(std::string_view name, std::string_view help, std::function<Samples()> read) {
    const std::lock_guard lock(impl_->mutex);
    impl_->family_of(name, help, MetricType::Counter).parts.emplace_back().samples = std::move(read);
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
            for (const auto& part : family.parts) Impl::collect(part, family.type, families.back().metric);
        }
    }
    return prometheus::TextSerializer().Serialize(families);
}

}  // namespace fanion::telemetry
