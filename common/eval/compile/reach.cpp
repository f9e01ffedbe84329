#include "common/eval/compile/reach.hpp"

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

}  // namespace

Reach reach_of(const Ruleset& ruleset, FlagsAsked asked) {
    Marks marks(ruleset.impl());
    for (std::size_t i = 0; i < ruleset.flag_count(); ++i)
        if (asked == FlagsAsked::all || ruleset.flag_info(i).client) marks.mark_flag(i);
    return marks.reach();
}

}  // namespace fanion::eval
