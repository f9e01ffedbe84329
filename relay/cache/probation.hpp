#pragma once

// Probation and quarantine of rulesets (distribution.md, Quarantine), pure, and their file.
//
// A ruleset that has not yet been served for long enough is on probation: the mark is written
// before it is served, and removed once it is proven or at a clean shutdown. An earlier process'
// end counts against it only if that process marked its own crash (crash_mark.hpp), and against a
// ruleset that it compiled and never finished (compile_mark.hpp), unless that one is proven. At two
// the ruleset is quarantined for 24 h; of compiles, at two starts in a row, since a kill during a
// compile may be chance. The marks have to survive the process only, so they are written without
// fsync.
//
// Format: lines, each optional but the first and last:
//     fanion-probation 2
//     blessed <epoch>.<version> <root>
//     mark <epoch>.<version> <root> <ends>
//     compile <epoch>.<version> <root> <ends>
//     quarantine <epoch>.<version> <root> <until, Unix milliseconds>
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

inline constexpr unsigned quarantine_ends = 2;
inline constexpr UnixMillis quarantine_time = 24 * 3'600 * 1'000;

struct ProbationMark {
    wire::Floor ruleset;
    unsigned ends = 0;  // ends of a process that count against it
};

struct QuarantinedRuleset {
    wire::Floor ruleset;  // its root, in this and older versions
    UnixMillis until = 0;
};

// What an earlier process left when it ended.
struct EarlierEnd {
    bool crashed = false;                  // while it served
    std::optional<wire::Floor> compiling;  // a compile that never came back
};

// Plain value. One thread.
class Probation {
public:
    const std::optional<wire::Floor>& proven() const noexcept { return proven_; }
    const std::optional<ProbationMark>& mark() const noexcept { return mark_; }
    const std::vector<QuarantinedRuleset>& quarantined() const noexcept { return quarantined_; }
    // A newer version is not quarantined, even with the same root.
    bool is_quarantined(const wire::Floor& ruleset, UnixMillis now) const noexcept;

    // Call once when the process starts. What this start puts into quarantine, if anything.
    struct Started {
        std::optional<wire::Floor> by_crash;
        std::optional<wire::Floor> by_compile;
    };
    Started record_start(const EarlierEnd& end, UnixMillis now);
    // Lifts the quarantine of a ruleset: there is no other snapshot to serve.
    void release(const wire::Floor& ruleset);

    // Call before the ruleset is served. Ends the quarantine of older versions. True when the
    // record changed and the file must be written first.
    bool begin(const wire::Floor& ruleset);
    // The ruleset on probation is proven.
    void mark_proven();
    // At a clean shutdown.
    void clear_mark() { mark_.reset(); }

    std::string format() const;
    static std::optional<Probation> parse(std::string_view text);

private:
    bool read_line(std::string_view line);
    void quarantine(const wire::Floor& ruleset, UnixMillis now);

    std::optional<wire::Floor> proven_;
    std::optional<ProbationMark> mark_;
    std::optional<ProbationMark> compile_;  // the last ruleset whose compile never came back
    std::vector<QuarantinedRuleset> quarantined_;
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
