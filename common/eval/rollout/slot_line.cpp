#include "common/eval/rollout/slot_line.hpp"

#include <algorithm>
#include <limits>

namespace fanion::eval {
namespace {

using Cost = std::int64_t;
constexpr Cost impossible = std::numeric_limits<Cost>::max() / 2;

// How a run's pieces stand when a given one is last: by dynamic programming over the runs, from left to right.
struct Ending {
    Cost cost = impossible;
    std::size_t first = 0;     // piece that comes first
    std::size_t previous = 0;  // last piece of the run before
};

class Arranger {
public:
    Arranger(const Handover& handover, Label unstored) : handover_(handover), unstored_(unstored) {}

    Arranged run() {
        for (std::size_t i = 0; i < handover_.size(); ++i) endings_.push_back(endings_of(i));
        Arranged out;
        if (endings_.empty()) return out;
        const auto orders = walk_back(out);
        for (std::size_t i = 0; i < orders.size(); ++i) append(out.pieces, i, orders[i]);
        return out;
    }

private:
    struct Order {
        std::size_t first, last;
    };

    // The cost before this run when its piece `first` comes first, and the last piece of the run before.
    Ending entering(std::size_t run, std::size_t first) const {
        if (run == 0) return {0, first, 0};
        Ending best;
        const auto label = handover_[run][first].label;
        const auto& before = endings_[run - 1];
        for (std::size_t p = 0; p < before.size(); ++p) {
            const bool merges = label != unstored_ && handover_[run - 1][p].label == label;
            const Cost cost = before[p].cost - (merges ? 1 : 0);
            if (cost < best.cost) best = {cost, first, p};
        }
        return best;
    }

    std::vector<Ending> endings_of(std::size_t run) const {
        const auto& pieces = handover_[run];
        const auto stored =
            std::count_if(pieces.begin(), pieces.end(), [this](const Piece& p) { return p.label != unstored_; });
        std::vector<Ending> endings(pieces.size());
        for (std::size_t first = 0; first < pieces.size(); ++first) {
            auto entered = entering(run, first);
            entered.cost += stored;
            for (std::size_t last = 0; last < pieces.size(); ++last) {
                const bool possible = first != last || pieces.size() == 1;
                if (possible && entered.cost < endings[last].cost) endings[last] = entered;
            }
        }
        return endings;
    }

    // Among equals what comes last in the handover stands last on the line.
    std::vector<Order> walk_back(Arranged& out) const {
        const auto& final = endings_.back();
        std::size_t last = final.size() - 1;
        for (std::size_t i = final.size(); i-- > 0;)
            if (final[i].cost < final[last].cost) last = i;
        out.ranges = static_cast<std::size_t>(final[last].cost);
        std::vector<Order> orders(handover_.size());
        for (std::size_t run = handover_.size(); run-- > 0;) {
            const auto& ending = endings_[run][last];
            orders[run] = {ending.first, last};
            last = ending.previous;
        }
        return orders;
    }

    void append(std::vector<Piece>& out, std::size_t run, Order order) const {
        const auto& pieces = handover_[run];
        out.push_back(pieces[order.first]);
        for (std::size_t i = 0; i < pieces.size(); ++i)
            if (i != order.first && i != order.last) out.push_back(pieces[i]);
        if (order.last != order.first) out.push_back(pieces[order.last]);
    }

    const Handover& handover_;
    Label unstored_;
    std::vector<std::vector<Ending>> endings_;  // per run, per piece that comes last
};

}  // namespace

Arranged arrange(const Handover& handover, Label unstored) { return Arranger(handover, unstored).run(); }

}  // namespace fanion::eval
