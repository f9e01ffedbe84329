#include "common/eval/rollout/ranges.hpp"

#include <algorithm>
#include <unordered_map>

#include "common/eval/rollout/slot_line.hpp"

namespace fanion::eval {
namespace {

constexpr std::size_t search_steps = 5'000;  // some milliseconds

// Numbers the variations; nobody is one of them.
class Labels {
public:
    Label of(const std::optional<std::string>& variation) {
        if (!variation) return nobody;
        const auto [it, is_new] = index_.emplace(*variation, static_cast<Label>(names_.size()));
        if (is_new) names_.push_back(*variation);
        return it->second;
    }
    const std::string& name(Label label) const { return names_[label]; }
    std::size_t size() const { return names_.size(); }
    static constexpr Label nobody = 0;

private:
    std::vector<std::string> names_{""};
    std::unordered_map<std::string, Label> index_;
};

void append(std::vector<Piece>& pieces, Label label, std::uint32_t length) {
    if (length == 0) return;
    if (!pieces.empty() && pieces.back().label == label)
        pieces.back().length += length;
    else
        pieces.push_back({label, length});
}

std::vector<Piece> runs_of(const SlotPlan& plan, Labels& labels, std::uint32_t slots) {
    std::vector<Piece> runs;
    const auto otherwise = labels.of(plan.otherwise);
    std::uint32_t at = 0;
    for (const auto& range : plan.ranges) {
        append(runs, otherwise, range.from - at);
        append(runs, labels.of(range.variation), range.to - range.from);
        at = range.to;
    }
    append(runs, otherwise, slots - at);
    return runs;
}

std::vector<model::Range> ranges_of(const std::vector<Piece>& pieces, Label unstored, const Labels& labels) {
    std::vector<model::Range> ranges;
    std::uint32_t at = 0;
    for (const auto& piece : pieces) {
        const auto from = at;
        at += piece.length;
        if (piece.label == unstored || piece.label == Labels::nobody || piece.length == 0) continue;
        const auto& name = labels.name(piece.label);
        if (!ranges.empty() && ranges.back().to == from && ranges.back().variation == name)
            ranges.back().to = at;
        else
            ranges.push_back({from, at, name});
    }
    return ranges;
}

struct Wanted {
    std::vector<Piece> pieces;  // in the order they were asked for, the rest last
    Label otherwise = Labels::nobody;
};

Wanted wanted_of(const std::vector<Share>& shares, const std::optional<std::string>& otherwise, Labels& labels,
                 std::uint32_t slots) {
    Wanted wanted;
    std::uint32_t given = 0;
    for (const auto& share : shares) {
        wanted.pieces.push_back({labels.of(share.variation), share.slots});
        given += share.slots;
    }
    wanted.otherwise = labels.of(otherwise);
    wanted.pieces.push_back({wanted.otherwise, slots - given});
    return wanted;
}

}  // namespace

std::vector<model::Range> lay_out(const std::optional<SlotPlan>& present, const std::vector<Share>& wanted,
                                  const std::optional<std::string>& otherwise, std::uint32_t slots) {
    Labels labels;
    const auto target = wanted_of(wanted, otherwise, labels, slots);
    if (!present) return ranges_of(target.pieces, target.otherwise, labels);
    SlotLine line;
    line.runs = runs_of(*present, labels, slots);
    line.unstored = target.otherwise;
    line.balance.resize(labels.size());
    for (const auto& piece : target.pieces) line.balance[piece.label] += piece.length;
    for (const auto& run : line.runs) line.balance[run.label] -= run.length;
    auto handover = hand_over(line);
    if (line.runs.size() <= searched_runs && labels.size() <= searched_variations + 1)
        handover = search_handover(line, std::move(handover), search_steps);
    // Among equals the order of `wanted` decides, the rest last.
    for (auto& pieces : handover) {
        std::sort(pieces.begin(), pieces.end(), [&](const Piece& a, const Piece& b) {
            return std::pair(a.label == line.unstored, a.label) < std::pair(b.label == line.unstored, b.label);
        });
    }
    return ranges_of(arrange(handover, line.unstored).pieces, line.unstored, labels);
}

}  // namespace fanion::eval
