#include "relay/forward/parts.hpp"

#include <algorithm>

namespace fanion::relay::forward {

namespace {

struct Range {
    std::size_t from;
    std::size_t to;
};

Range range_of(std::size_t rows, std::string_view part) noexcept {
    Range range{0, rows};
    for (const char half : part) {
        const std::size_t middle = range.from + (range.to - range.from + 1) / 2;
        (half == '0' ? range.to : range.from) = middle;
    }
    return range;
}

// Of the rows numbered from `first` on, those inside the range.
template <class Row>
std::vector<Row> inside(const std::vector<Row>& rows, std::size_t first, Range range) {
    const auto clamp = [&](std::size_t at) { return std::clamp(at, first, first + rows.size()) - first; };
    const auto begin = rows.begin();
    return {begin + static_cast<std::ptrdiff_t>(clamp(range.from)),
            begin + static_cast<std::ptrdiff_t>(clamp(range.to))};
}

}  // namespace

std::size_t row_count(const wire::EventBatch& batch) noexcept {
    return batch.counts.size() + batch.exposures.size() + batch.metrics.size();
}

wire::EventBatch part_of(const wire::EventBatch& batch, std::string_view part) {
    const Range range = range_of(row_count(batch), part);
    wire::EventBatch cut;
    cut.part = batch.part + std::string(part);
    cut.batch = batch.whole_id();
    if (!cut.part.empty()) cut.batch.append(".").append(cut.part);
    cut.relay = batch.relay;
    cut.from = batch.from;
    cut.to = batch.to;
    cut.has_digests = batch.has_digests;
    cut.counts = inside(batch.counts, 0, range);
    cut.exposures = inside(batch.exposures, batch.counts.size(), range);
    cut.metrics = inside(batch.metrics, batch.counts.size() + batch.exposures.size(), range);
    if (part.find('1') == std::string_view::npos) cut.dropped = batch.dropped;
    return cut;
}

std::optional<std::string> first_half(const wire::EventBatch& batch, std::string_view part) {
    const Range range = range_of(row_count(batch), part);
    if (range.to - range.from < 2 || batch.part.size() + part.size() >= wire::most_halvings) return std::nullopt;
    return std::string(part) + "0";
}

std::string next_part(std::string_view part) {
    while (part.ends_with('1')) part.remove_suffix(1);
    if (part.empty()) return "";
    return std::string(part.substr(0, part.size() - 1)) + "1";
}

}  // namespace fanion::relay::forward
