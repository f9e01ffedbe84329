#include "common/eval/compile/reach.hpp"

#include <algorithm>
#include <optional>
#include <span>

#include "common/eval/compile/compiled.hpp"

namespace fanion::eval {
namespace {

// Marks items and what they refer to. compile() bounds the depth of references.
class Marks {
public:
    explicit Marks(const Ruleset::Impl& ruleset)
        : ruleset_(ruleset), flags_(ruleset.flags.size()), segments_(ruleset.segments.size()) {}

    void mark_flag(std::size_t flag) {
        if (flags_[flag]) return;
        flags_[flag] = true;
        for (const auto& link : ruleset_.prerequisites.of(flag)) mark_flag(link.flag);
        mark_segments(ruleset_.flag_scopes[flag], ruleset_.flags[flag]->segment_references.size());
    }

    Reach reach() const {
        Reach reach;
        for (std::size_t i = 0; i < flags_.size(); ++i)
            if (flags_[i]) reach.flags.push_back(ruleset_.flags[i]->key);
        for (std::size_t i = 0; i < segments_.size(); ++i)
            if (segments_[i]) reach.segments.push_back(ruleset_.segments[i]->key);
        return reach;
    }

private:
    void mark_segments(const Scope& scope, std::size_t references) {
        for (const auto segment : std::span(scope.segments, references)) {
            if (segments_[segment]) continue;
            segments_[segment] = true;
            mark_segments(ruleset_.segment_scopes[segment], ruleset_.segments[segment]->segment_references.size());
        }
    }

    const Ruleset::Impl& ruleset_;
    std::vector<bool> flags_;
    std::vector<bool> segments_;
};

// Whether an item and all that it refers to are marked `client`. compile() bounds the depth of references.
class Clearance {
public:
    explicit Clearance(const Ruleset::Impl& ruleset)
        : ruleset_(ruleset), flags_(ruleset.flags.size()), segments_(ruleset.segments.size()) {}

    bool is_flag_cleared(std::size_t flag) {
        auto& known = flags_[flag];
        if (!known) known = judge_flag(flag);
        return *known;
    }

private:
    bool judge_flag(std::size_t flag) {
        if (!ruleset_.flags[flag]->client) return false;
        for (const auto& link : ruleset_.prerequisites.of(flag))
            if (!is_flag_cleared(link.flag)) return false;
        return are_cleared(ruleset_.flag_scopes[flag], ruleset_.flags[flag]->segment_references.size());
    }
    bool are_cleared(const Scope& scope, std::size_t references) {
        const std::span segments(scope.segments, references);
        return std::all_of(segments.begin(), segments.end(),
                           [this](auto segment) { return is_segment_cleared(segment); });
    }
    bool is_segment_cleared(std::size_t segment) {
        auto& known = segments_[segment];
        if (!known) {
            const auto& item = *ruleset_.segments[segment];
            known = item.client && are_cleared(ruleset_.segment_scopes[segment], item.segment_references.size());
        }
        return *known;
    }

    const Ruleset::Impl& ruleset_;
    std::vector<std::optional<bool>> flags_;
    std::vector<std::optional<bool>> segments_;
};

}  // namespace

Reach reach_of(const Ruleset& ruleset, FlagsAsked asked) {
    Marks marks(ruleset.impl());
    for (std::size_t i = 0; i < ruleset.flag_count(); ++i)
        if (asked == FlagsAsked::all || ruleset.flag_info(i).client) marks.mark_flag(i);
    return marks.reach();
}

Reach rules_for_clients(const Ruleset& ruleset) {
    Clearance clearance(ruleset.impl());
    Marks marks(ruleset.impl());
    for (std::size_t i = 0; i < ruleset.flag_count(); ++i)
        if (clearance.is_flag_cleared(i)) marks.mark_flag(i);
    return marks.reach();
}

}  // namespace fanion::eval
