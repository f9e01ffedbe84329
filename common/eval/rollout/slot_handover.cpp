// Which slots go from the variations that lose to those that gain: common/eval/rollout/slot_line.hpp.

#include <algorithm>
#include <set>

#include "common/eval/rollout/slot_line.hpp"

namespace fanion::eval {
namespace {

std::vector<std::int64_t> positive(const std::vector<std::int64_t>& balance, std::int64_t sign) {
    std::vector<std::int64_t> out;
    for (const auto value : balance) out.push_back(std::max<std::int64_t>(0, sign * value));
    return out;
}

void add_piece(std::vector<Piece>& pieces, Label label, std::uint32_t length) {
    const auto same = std::find_if(pieces.begin(), pieces.end(), [&](const Piece& p) { return p.label == label; });
    if (same == pieces.end())
        pieces.push_back({label, length});
    else
        same->length += length;
}

// Shifts boundaries while there are such to shift, short runs first since they may vanish; else hands over a whole run or cuts
// one. Each run is looked at again when its neighbour changed hands: O(runs log runs).
class Mover {
public:
    explicit Mover(const SlotLine& line)
        : line_(line),
          need_(positive(line.balance, 1)),
          surplus_(positive(line.balance, -1)),
          owned_(line.balance.size()),
          out_(line.runs.size()) {
        for (std::size_t run = 0; run < line.runs.size(); ++run) {
            left_.push_back(line.runs[run].length);
            now_.push_back(line.runs[run].label);
            if (gives(run)) owned_[owner(run)].insert({left_[run], run});
            look_at(run);
        }
    }

    Handover run() {
        do {
            while (!queue_.empty()) {
                const auto run = queue_.begin()->second;
                queue_.erase(queue_.begin());
                shift_boundaries(run);
            }
        } while (place_anew());
        for (std::size_t run = 0; run < out_.size(); ++run)
            if (left_[run] > 0) out_[run].push_back({owner(run), left_[run]});
        return std::move(out_);
    }

private:
    using Sized = std::set<std::pair<std::uint32_t, std::size_t>>;  // (slots, run)

    Label owner(std::size_t run) const { return line_.runs[run].label; }
    bool gives(std::size_t run) const { return left_[run] > 0 && surplus_[owner(run)] > 0; }
    void look_at(std::size_t run) {
        if (run < left_.size() && gives(run)) queue_.insert({line_.runs[run].length, run});
    }

    void shift_boundaries(std::size_t run) {
        if (run > 0) give(run, now_[run - 1]);
        if (run + 1 < now_.size()) give(run, now_[run + 1]);
    }

    // As much of the run as its owner has too much and `to` too little.
    void give(std::size_t run, Label to) {
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
        if (run > 0) look_at(run - 1);
        look_at(run + 1);
    }

    // For the label that lacks most: the longest run that it can have as a whole, else a part of the longest there is.
    bool place_anew() {
        const auto to = static_cast<Label>(std::max_element(need_.begin(), need_.end()) - need_.begin());
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
    std::vector<std::int64_t> need_, surplus_;  // per label, still
    std::vector<Sized> owned_;                  // per label: runs it can give from
    Handover out_;
    std::vector<std::uint32_t> left_;  // per run: slots not handed over
    std::vector<Label> now_;           // per run: who has it, or what is left of it
    Sized queue_;
};

// Every best handover has the support of a vertex of a transportation polytope (rows: runs that give; columns: labels that
// gain, and for each that loses what it keeps), and every vertex comes about by filling cells one after the other, each as
// far as it goes. So trying the cells in every order, without repeating a state, finds the best.
class Search {
public:
    Search(const SlotLine& line, Handover first, std::size_t max_steps)
        : line_(line),
          best_(std::move(first)),
          steps_(max_steps),
          need_(positive(line.balance, 1)),
          keep_(line.balance.size()),
          current_(line.runs.size()) {
        best_ranges_ = arrange(best_, line.unstored).ranges;
        for (const auto& run : line.runs) {
            left_.push_back(run.length);
            keep_[run.label] += run.length;
        }
        for (std::size_t label = 0; label < keep_.size(); ++label)
            keep_[label] += std::min<std::int64_t>(0, line.balance[label]);
    }

    Handover run() {
        descend();
        return std::move(best_);
    }

private:
    void descend() {
        if (steps_ == 0 || !seen_.insert(state()).second) return;
        --steps_;
        bool done = true;
        for (std::size_t run = 0; run < left_.size(); ++run) {
            if (left_[run] == 0) continue;
            done = false;
            const auto owner = line_.runs[run].label;
            for (Label label = 0; label < need_.size(); ++label)
                if (label != owner && line_.balance[owner] < 0) fill(run, label, need_[label]);
            fill(run, owner, keep_[owner]);
        }
        if (done) judge();
    }

    void fill(std::size_t run, Label label, std::int64_t& wanted) {
        const auto amount = static_cast<std::uint32_t>(std::min<std::int64_t>(left_[run], wanted));
        if (amount == 0) return;
        left_[run] -= amount;
        wanted -= amount;
        current_[run].push_back({label, amount});
        if (is_possible(line_.runs[run].label)) descend();
        current_[run].pop_back();
        wanted += amount;
        left_[run] += amount;
    }

    // What the label is to keep can still be kept.
    bool is_possible(Label label) const {
        std::int64_t left = 0;
        for (std::size_t run = 0; run < left_.size(); ++run)
            if (line_.runs[run].label == label) left += left_[run];
        return left >= keep_[label];
    }

    void judge() {
        const auto ranges = arrange(current_, line_.unstored).ranges;
        if (ranges >= best_ranges_) return;
        best_ranges_ = ranges;
        best_ = current_;
    }

    // Who has got what of each run, whatever the order.
    std::vector<std::uint32_t> state() const {
        std::vector<std::uint32_t> out(left_.size() * need_.size());
        for (std::size_t run = 0; run < left_.size(); ++run)
            for (const auto& piece : current_[run]) out[run * need_.size() + piece.label] = piece.length;
        return out;
    }

    const SlotLine& line_;
    Handover best_;
    std::size_t best_ranges_ = 0;
    std::size_t steps_;
    std::vector<std::int64_t> need_, keep_;  // per label, still
    std::vector<std::uint32_t> left_;        // per run: slots that are not given yet
    Handover current_;
    std::set<std::vector<std::uint32_t>> seen_;
};

}  // namespace

Handover hand_over(const SlotLine& line) { return Mover(line).run(); }

Handover search_handover(const SlotLine& line, Handover first, std::size_t max_steps) {
    return Search(line, std::move(first), max_steps).run();
}

}  // namespace fanion::eval
