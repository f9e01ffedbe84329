#include "common/eval/rollout/ranges.hpp"

#include <algorithm>
#include <unordered_map>

#include "common/eval/rollout/slot_line.hpp"

namespace fanion::eval {
namespace {

// Numbers the variations; "no variation" has a number too.
class VariationNumbers {
public:
    VariationIndex of(const std::optional<std::string>& variation) {
        if (!variation) return no_variation;
        const auto [it, is_new] = index_.emplace(*variation, static_cast<VariationIndex>(names_.size()));
        if (is_new) names_.push_back(*variation);
        return it->second;
    }
    const std::string& name(VariationIndex variation) const { return names_[variation]; }
    std::size_t size() const { return names_.size(); }
    static constexpr VariationIndex no_variation = 0;

private:
    std::vector<std::string> names_{""};
    std::unordered_map<std::string, VariationIndex> index_;
};

void append(std::vector<Run>& pieces, VariationIndex variation, std::uint32_t length) {
    if (length == 0) return;
    if (!pieces.empty() && pieces.back().variation == variation)
        pieces.back().length += length;
    else
        pieces.push_back({variation, length});
}

std::vector<Run> runs_of(const SlotPlan& plan, VariationNumbers& numbers, std::uint32_t slots) {
    std::vector<Run> runs;
    const auto otherwise = numbers.of(plan.otherwise);
    std::uint32_t at = 0;
    for (const auto& range : plan.ranges) {
        append(runs, otherwise, range.from - at);
        append(runs, numbers.of(range.variation), range.to - range.from);
        at = range.to;
    }
    append(runs, otherwise, slots - at);
    return runs;
}

std::vector<model::Range> ranges_of(const std::vector<Run>& pieces, VariationIndex implicit,
                                    const VariationNumbers& numbers) {
    std::vector<model::Range> ranges;
    std::uint32_t at = 0;
    for (const auto& piece : pieces) {
        const auto from = at;
        at += piece.length;
        if (piece.variation == implicit || piece.variation == VariationNumbers::no_variation || piece.length == 0)
            continue;
        const auto& name = numbers.name(piece.variation);
        if (!ranges.empty() && ranges.back().to == from && ranges.back().variation == name)
            ranges.back().to = at;
        else
            ranges.push_back({from, at, name});
    }
    return ranges;
}

struct Wanted {
    std::vector<Run> pieces;  // in the order of the shares, the remainder last
    VariationIndex otherwise = VariationNumbers::no_variation;
};

Wanted wanted_of(const std::vector<Share>& shares, const std::optional<std::string>& otherwise,
                 VariationNumbers& numbers, std::uint32_t slots) {
    Wanted wanted;
    std::uint32_t given = 0;
    for (const auto& share : shares) {
        wanted.pieces.push_back({numbers.of(share.variation), share.slots});
        given += share.slots;
    }
    wanted.otherwise = numbers.of(otherwise);
    wanted.pieces.push_back({wanted.otherwise, slots - given});
    return wanted;
}

}  // namespace

std::vector<model::Range> lay_out(const std::optional<SlotPlan>& present, const std::vector<Share>& wanted,
                                  const std::optional<std::string>& otherwise, std::uint32_t slots) {
    VariationNumbers numbers;
    const auto target = wanted_of(wanted, otherwise, numbers, slots);
    if (!present) return ranges_of(target.pieces, target.otherwise, numbers);
    SlotLine line;
    line.runs = runs_of(*present, numbers, slots);
    line.implicit = target.otherwise;
    line.balance.resize(numbers.size());
    for (const auto& piece : target.pieces) line.balance[piece.variation] += piece.length;
    for (const auto& run : line.runs) line.balance[run.variation] -= run.length;
    auto handover = transfer_greedily(line);
    // arrange() breaks ties by the order within the handover: that of `wanted`, the implicit variation last.
    for (auto& pieces : handover) {
        std::sort(pieces.begin(), pieces.end(), [&](const Run& a, const Run& b) {
            return std::pair(a.variation == line.implicit, a.variation) <
                   std::pair(b.variation == line.implicit, b.variation);
        });
    }
    return ranges_of(arrange(handover, line.implicit), line.implicit, numbers);
}

}  // namespace fanion::eval
