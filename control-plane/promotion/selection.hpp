#pragma once

// The bodies of rollback and promotion: which flags, which segments, and which parts of a
// configuration. Pure.

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "common/base/error.hpp"
#include "common/json/document.hpp"
#include "common/model/flag.hpp"
#include "common/wire/manifest.hpp"

namespace fanion::cp::promotion {

inline constexpr std::size_t most_items = 500;  // in one change
inline constexpr std::string_view too_many_items = "one change has at most 500 flags and segments";

// `verb`: what to do in parts.
Error too_many(std::string_view verb);

struct Selection {
    std::vector<std::string> flags;  // keys
    std::vector<std::string> segments;
    bool is_all = false;
};

struct RollbackRequest {
    std::string version;
    Selection selection;  // all unless flags or segments are named
};
// Errors: invalid_input.
Result<RollbackRequest> read_rollback(json::Value body);

// The parts of a flag's configuration that are promoted.
struct Parts {
    bool enabled = true;  // with `off`
    bool targets = true;
    bool rules = true;
    bool fallthrough = true;
    bool prerequisites = true;
    friend bool operator==(const Parts&, const Parts&) = default;
};

struct PromotionRequest {
    std::string from;                         // key of the environment
    std::optional<std::string> from_version;  // refused if its ruleset is another by now
    Selection selection;
    Parts parts;
    bool takes_along = false;  // what the flags need and the target lacks
};
Result<PromotionRequest> read_promotion(json::Value body);

// `target` with the parts of `source`.
model::FlagConfig promoted(const model::FlagConfig& source, model::FlagConfig target, const Parts& parts);

}  // namespace fanion::cp::promotion
