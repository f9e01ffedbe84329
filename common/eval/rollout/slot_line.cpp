#include "common/eval/rollout/slot_line.hpp"

#include <algorithm>
#include <limits>

namespace fanion::eval {
namespace {

using Cost = std::int64_t;
constexpr Cost impossible = std::numeric_limits<Cost>::max() / 2;

// The cheapest order of all runs up to one, given which of its pieces comes last. A cost is a number of stored ranges.
struct Ending {
    Cost cost = impossible;
    std::size_t first = 0;     // piece that comes first
    std::size_t previous = 0;  // last piece of the run before
};

// Dynamic programming over the runs, from left to right: only the first and the last piece of a run have neighbours
// outside it.
class Arranger {
public:
    Arranger(const Handover& handover, VariationIndex implicit) : handover_(handover), implicit_(implicit) {}

    std::vector<Run> run() {
        for (std::size_t i = 0; i < handover_.size(); ++i) endings_.push_back(endings_of(i));
        std::vector<Run> out;
        if (endings_.empty()) return out;
        const auto orders = trace_back();
        for (std::size_t i = 0; i < orders.size(); ++i) append(out, i, orders[i]);
        return out;
    }

private:
    struct Order {
        std::size_t first, last;
    };

    // The cheapest way to reach this run when its piece `first` comes first.
    Ending cheapest_before(std::size_t run, std::size_t first) const {
        if (run == 0) return {0, first, 0};
        Ending best;
        const auto variation = handover_[run][first].variation;
        const auto& before = endings_[run - 1];
        for (std::size_t p = 0; p < before.size(); ++p) {
            const bool merges = variation != implicit_ && handover_[run - 1][p].variation == variation;
            const Cost cost = before[p].cost - (merges ? 1 : 0);
            if (cost < best.cost) best = {cost, first, p};
        }
        return best;
    }

    std::vector<Ending> endings_of(std::size_t run) const {
        const auto& pieces = handover_[run];
        const auto stored =
            std::count_if(pieces.begin(), pieces.end(), [this](const Run& p) { return p.variation != implicit_; });
        std::vector<Ending> endings(pieces.size());
        for (std::size_t first = 0; first < pieces.size(); ++first) {
            auto before = cheapest_before(run, first);
            before.cost += stored;
            for (std::size_t last = 0; last < pieces.size(); ++last) {
                const bool possible = first != last || pieces.size() == 1;
                if (possible && before.cost < endings[last].cost) endings[last] = before;
            }
        }
        return endings;
    }

    // Of equally cheap orders, the one whose last piece comes last in the handover.
    std::vector<Order> trace_back() const {
        const auto& final = endings_.back();
        std::size_t last = final.size() - 1;
        for (std::size_t i = final.size(); i-- > 0;)
            if (final[i].cost < final[last].cost) last = i;
        std::vector<Order> orders(handover_.size());
        for (std::size_t run = handover_.size(); run-- > 0;) {
            const auto& ending = endings_[run][last];
            orders[run] = {ending.first, last};
            last = ending.previous;
        }
        return orders;
    }

    void append(std::vector<Run>& out, std::size_t run, Order order) const {
        const auto& pieces = handover_[run];
        out.push_back(pieces[order.first]);
        for (std::size_t i = 0; i < pieces.size(); ++i)
            if (i != order.first && i != order.last) out.push_back(pieces[i]);
        if (order.last != order.first) out.push_back(pieces[order.last]);
    }

    const Handover& handover_;
    VariationIndex implicit_;
    std::vector<std::vector<Ending>> endings_;  // per run, per piece that comes last
};

}  // namespace

std::vector<Run> arrange(const Handover& handover, VariationIndex implicit) {
    return Arranger(handover, implicit).run();
}

}  // namespace fanion::eval
