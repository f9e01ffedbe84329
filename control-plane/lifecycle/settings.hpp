#pragma once

// What a project has set for the report on its flags. Plain values, pure functions.

#include <array>
#include <cstdint>
#include <optional>
#include <string>

#include "common/base/clock.hpp"
#include "common/base/error.hpp"
#include "common/json/document.hpp"
#include "common/json/writer.hpp"
#include "control-plane/flags/flag.hpp"

namespace fanion::cp::lifecycle {

struct Settings {
    int constant_days = 30;  // the same answer to everybody for so long
    int unused_days = 14;    // not evaluated for so long
    // Of a flag of each flags::Lifetime, in that order; none: it is meant to stay.
    std::array<std::optional<int>, flags::all_lifetimes.size()> lifetime_days{40, 40, std::nullopt, std::nullopt};
    friend bool operator==(const Settings&, const Settings&) = default;
};

std::optional<int> days_of(const Settings& settings, flags::Lifetime lifetime) noexcept;

struct StoredSettings {
    Settings settings;
    std::uint64_t version = 0;  // 0: never set
    std::optional<UnixMillis> updated_at;
};

// A body that replaces them; what it does not give gets its default. Errors: invalid_input.
Result<Settings> read_settings(json::Value body);
void write_settings(json::Writer& w, const StoredSettings& stored);

}  // namespace fanion::cp::lifecycle
