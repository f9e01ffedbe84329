#pragma once

// Probation and quarantine of rulesets (distribution.md, Quarantine), pure, and their file.
//
// A ruleset that has not yet been served for long enough without a crash is on probation: the mark
// is written before it is served, and removed once it is proven or at a clean shutdown. A start
// that finds the mark counts it; at two the root is quarantined for 24 h. The mark has to survive
// the process only, so it is written without fsync.
//
// Format: lines, each optional but the first and last:
//     fanion-probation 1
//     blessed <epoch>.<version> <root>
//     mark <epoch>.<version> <root> <starts>
//     quarantine <root> <until, Unix milliseconds>
//     sum <sha256 of everything before this line>
// A damaged file is reported and counts as empty.

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "common/base/clock.hpp"
#include "common/base/error.hpp"
#include "common/wire/acceptance.hpp"

namespace fanion::relay::cache {

inline constexpr unsigned quarantine_starts = 2;
inline constexpr UnixMillis quarantine_time = 24 * 3'600 * 1'000;

struct ProbationMark {
    wire::Floor ruleset;
    unsigned starts = 0;  // starts that found the mark
};

struct QuarantinedRoot {
    Sha256 root{};
    UnixMillis until = 0;
};

// Plain value. One thread.
class Probation {
public:
    const std::optional<wire::Floor>& proven() const noexcept { return proven_; }
    const std::optional<ProbationMark>& mark() const noexcept { return mark_; }
    bool is_quarantined(const Sha256& root, UnixMillis now) const noexcept;

    // Call once when the process starts. Returns the root that this start puts into quarantine, if
    // any.
    std::optional<Sha256> record_start(UnixMillis now);
    // Lifts the quarantine of record_start(): there is no other snapshot to serve.
    void release(const Sha256& root);

    // Call before the ruleset is served. True when the mark changed and the file must be written
    // first.
    bool begin(const wire::Floor& ruleset);
    // The ruleset on probation is proven.
    void mark_proven();
    // At a clean shutdown.
    void clear_mark() { mark_.reset(); }

    std::string format() const;
    static std::optional<Probation> parse(std::string_view text);

private:
    bool read_line(std::string_view line);

    std::optional<wire::Floor> proven_;
    std::optional<ProbationMark> mark_;
    std::vector<QuarantinedRoot> quarantined_;
};

// When a ruleset on probation is proven: 10 s and 1,000 evaluations, or 60 s.
bool is_proven(UnixMillis served_for, std::uint64_t evaluations) noexcept;

struct LoadedProbation {
    Probation probation;
    std::optional<std::string> problem;
};
LoadedProbation load_probation(const std::string& directory);
Result<> save_probation(const std::string& directory, const Probation& probation);

}  // namespace fanion::relay::cache
