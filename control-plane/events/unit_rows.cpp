#include "control-plane/events/unit_rows.hpp"

#include <algorithm>
#include <limits>
#include <map>
#include <tuple>

#include "common/json/document.hpp"
#include "common/wire/sdk_events.hpp"

namespace fanion::cp::events {
namespace {

// Numbers kinds in the order in which they come.
template <class Kind>
class KindNumbers {
public:
    std::size_t of(Kind kind) { return numbers_.try_emplace(std::move(kind), numbers_.size()).first->second; }

    // Moves the kinds in their order to `kinds`, and gives the rows their numbers in it.
    template <class Row>
    void finish(std::vector<Kind>& kinds, std::vector<Row>& rows) {
        std::vector<std::size_t> places(numbers_.size());
        for (const auto& [kind, number] : numbers_) {
            places[number] = kinds.size();
            kinds.push_back(kind);
        }
        for (auto& row : rows) row.kind = places[row.kind];
        std::sort(rows.begin(), rows.end(), [](const Row& a, const Row& b) {
            return std::tie(a.kind, a.unit, a.at) < std::tie(b.kind, b.unit, b.at);
        });
    }

private:
    std::map<Kind, std::size_t> numbers_;
};

std::string attribute_of(const std::string& by) { return by.empty() ? std::string(wire::default_unit) : by; }

bool has_storable_numbers(json::Value value) {
    if (value.is(json::Kind::number)) return wire::is_storable_number(value.number_text());
    if (value.is(json::Kind::array)) {
        for (const auto element : value.elements())
            if (!has_storable_numbers(element)) return false;
    }
    if (value.is(json::Kind::object)) {
        for (const auto [name, member] : value.members())
            if (!has_storable_numbers(member)) return false;
    }
    return true;
}

// U+0000 cannot be stored, nor some numbers. That must not keep a batch from being stored.
std::string storable(const std::string& attrs) {
    if (attrs == "{}" || attrs.find("\\u0000") != std::string::npos) return {};
    if (attrs.find("e-") == std::string::npos && attrs.find("E-") == std::string::npos) return attrs;
    json::Document document;
    return document.parse(attrs) && has_storable_numbers(document.root()) ? attrs : std::string();
}

std::int64_t clamp_version(std::uint64_t version) {
    constexpr auto most = static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max());
    return static_cast<std::int64_t>(std::min(version, most));
}

}  // namespace

UnitRows unit_rows_of(const wire::EventBatch& batch, UnixMillis now) {
    UnitRows rows;
    KindNumbers<ExposureKind> exposure_kinds;
    for (const auto& event : batch.exposures) {
        if (event.at < now - oldest_event) {
            ++rows.old_exposures;
            continue;
        }
        auto by = attribute_of(event.by);
        auto unit = wire::unit_digest(batch, by, event.unit);
        const auto kind = exposure_kinds.of({access::EnvironmentId(event.env), event.flag, event.variation,
                                             clamp_version(event.version), event.exp, std::move(by)});
        rows.exposures.push_back({kind, std::move(unit), std::min(event.at, now), storable(event.attrs)});
    }
    exposure_kinds.finish(rows.exposure_kinds, rows.exposures);
    KindNumbers<MetricKind> metric_kinds;
    for (const auto& event : batch.metrics) {
        if (event.at < now - oldest_event) {
            ++rows.old_metrics;
            continue;
        }
        auto by = attribute_of(event.by);
        auto unit = wire::unit_digest(batch, by, event.unit);
        const auto kind = metric_kinds.of({access::EnvironmentId(event.env), event.key, std::move(by)});
        rows.metrics.push_back({kind, std::move(unit), std::min(event.at, now), json::parse_double(event.value)});
    }
    metric_kinds.finish(rows.metric_kinds, rows.metrics);
    return rows;
}

UnitRows join(const std::vector<const UnitRows*>& all) {
    UnitRows rows;
    KindNumbers<ExposureKind> exposure_kinds;
    KindNumbers<MetricKind> metric_kinds;
    for (const auto* part : all) {
        rows.old_exposures += part->old_exposures;
        rows.old_metrics += part->old_metrics;
        std::vector<std::size_t> numbers;
        for (const auto& kind : part->exposure_kinds) numbers.push_back(exposure_kinds.of(kind));
        for (const auto& row : part->exposures) {
            rows.exposures.push_back(row);
            rows.exposures.back().kind = numbers[row.kind];
        }
        numbers.clear();
        for (const auto& kind : part->metric_kinds) numbers.push_back(metric_kinds.of(kind));
        for (const auto& row : part->metrics) {
            rows.metrics.push_back(row);
            rows.metrics.back().kind = numbers[row.kind];
        }
    }
    exposure_kinds.finish(rows.exposure_kinds, rows.exposures);
    metric_kinds.finish(rows.metric_kinds, rows.metrics);
    return rows;
}

}  // namespace fanion::cp::events
