#pragma once

// How long an organisation keeps something of its own, as its settings say it. Pure.

#include <cstdint>
#include <optional>

#include "common/base/clock.hpp"
#include "common/base/error.hpp"
#include "common/json/document.hpp"
#include "common/json/writer.hpp"

namespace fanion::cp::body {

struct RetentionSettings {
    std::optional<int> retention_days;  // none: as the installation says
    std::uint64_t version = 0;          // 0: never set
    std::optional<UnixMillis> updated_at;
};

void write_retention(json::Writer& w, const RetentionSettings& settings);

// What a PUT wants: 7 to 36,500 days, or null.
struct WantedRetention {
    std::optional<int> days;
};
Result<WantedRetention> read_retention(json::Value body);

}  // namespace fanion::cp::body
