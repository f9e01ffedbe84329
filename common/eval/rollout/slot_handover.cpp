// Which slots go from the variations that lose to those that gain.

#include <algorithm>
#include <set>

#include "common/eval/rollout/slot_line.hpp"

namespace fanion::eval {
namespace {

std::vector<std::int64_t> positive_part(const std::vector<std::int64_t>& balance, std::int64_t sign) {
    std::vector<std::int64_t> out;
    out.reserve(balance.size());
    for (const auto value : balance) out.push_back(std::max<std::int64_t>(0, sign * value));
    return out;
}

void add_piece(std::vector<Run>& pieces, VariationIndex variation, std::uint32_t length) {
    const auto same =
        std::find_if(pieces.begin(), pieces.end(), [&](const Run& r) { return r.variation == variation; });
    if (same == pieces.end())
        pieces.push_back({variation, length});
    else
        same->length += length;
}

// Shifts boundaries while a loser lies beside a gainer, short runs first since they may disappear and so free a
// boundary. When no boundary can be shifted, moves a whole run, or cuts one. A run is queued again when its neighbour
// changes hands, so each is visited at most three times: O(runs log runs).
class GreedyTransfer {
public:
    explicit GreedyTransfer(const SlotLine& line)
        : line_(line),
          need_(positive_part(line.balance, 1)),
          surplus_(positive_part(line.balance, -1)),
          owned_(line.balance.size()),
          out_(line.runs.size()) {
        for (std::size_t run = 0; run < line.runs.size(); ++run) {
            left_.push_back(line.runs[run].length);
            now_.push_back(line.runs[run].variation);
            if (gives(run)) owned_[owner(run)].insert({left_[run], run});
            enqueue(run);
        }
    }

    Handover run() {
        do {
            while (!queue_.empty()) {
                const auto run = queue_.begin()->second;
                queue_.erase(queue_.begin());
                shift_boundaries(run);
            }
        } while (move_elsewhere());
        for (std::size_t run = 0; run < out_.size(); ++run)
            if (left_[run] > 0) out_[run].push_back({owner(run), left_[run]});
        return std::move(out_);
    }

private:
    using Sized = std::set<std::pair<std::uint32_t, std::size_t>>;  // (slots, run)

    VariationIndex owner(std::size_t run) const { return line_.runs[run].variation; }
    bool gives(std::size_t run) const { return left_[run] > 0 && surplus_[owner(run)] > 0; }
    void enqueue(std::size_t run) {
        if (run < left_.size() && gives(run)) queue_.insert({line_.runs[run].length, run});
    }

    void shift_boundaries(std::size_t run) {
        if (run > 0) give(run, now_[run - 1]);
        if (run + 1 < now_.size()) give(run, now_[run + 1]);
    }

    // Gives `to` as much of the run as its owner can spare and `to` still needs.
    void give(std::size_t run, VariationIndex to) {
        if (!gives(run) || need_[to] == 0) return;
        const auto from = owner(run);
        const auto amount = std::min({std::int64_t{left_[run]}, surplus_[from], need_[to]});
        owned_[from].erase({left_[run], run});
        left_[run] -= static_cast<std::uint32_t>(amount);
        surplus_[from] -= amount;
        need_[to] -= amount;
        add_piece(out_[run], to, static_cast<std::uint32_t>(amount));
        if (left_[run] > 0) {
            owned_[from].insert({left_[run], run});
            return;
        }
        now_[run] = to;
        if (run > 0) enqueue(run - 1);
        enqueue(run + 1);
    }

    // Gives the variation that lacks most the longest run that it can take whole, else a part of the longest run.
    // False: none lacks anything.
    bool move_elsewhere() {
        const auto to = static_cast<VariationIndex>(std::max_element(need_.begin(), need_.end()) - need_.begin());
        if (need_.empty() || need_[to] == 0) return false;
        const std::pair<std::uint32_t, std::size_t>* whole = nullptr;
        const std::pair<std::uint32_t, std::size_t>* longest = nullptr;
        for (std::size_t from = 0; from < owned_.size(); ++from) {
            if (surplus_[from] == 0 || owned_[from].empty()) continue;
            const auto fits = static_cast<std::uint32_t>(std::min(surplus_[from], need_[to]));
            auto after = owned_[from].lower_bound({fits + 1, 0});
            if (after != owned_[from].begin() && (!whole || std::prev(after)->first > whole->first))
                whole = &*std::prev(after);
            if (!longest || owned_[from].rbegin()->first > longest->first) longest = &*owned_[from].rbegin();
        }
        const auto* chosen = whole ? whole : longest;
        if (!chosen) return false;
        give(chosen->second, to);
        return true;
    }

    const SlotLine& line_;
    std::vector<std::int64_t> need_, surplus_;  // per variation: slots still to get, still to give
    std::vector<Sized> owned_;                  // per variation: runs it can still give from
    Handover out_;
    std::vector<std::uint32_t> left_;  // per run: slots that its owner still holds
    std::vector<VariationIndex> now_;  // per run: its owner, or who took all of it
    Sized queue_;                      // runs whose boundaries may be shifted
};

}  // namespace

Handover transfer_greedily(const SlotLine& line) { return GreedyTransfer(line).run(); }

}  // namespace fanion::eval
