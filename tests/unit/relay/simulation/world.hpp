#pragma once

// A control plane and a relay, or two of which one is below the other, and what happens to them: a
// seed decides all of it. For some seconds of simulated time there is trouble; then links, disks
// and the relay in the middle are well again, and each relay must hold everything and have
// delivered everything in the end.

#include <memory>
#include <string>

#include "tests/unit/relay/simulation/site.hpp"

namespace fanion::test {

class World {
public:
    explicit World(std::uint64_t seed);

    void run();  // throws Violation
    UnixMillis elapsed() const { return machine_.elapsed(); }

private:
    void advance(UnixMillis by);
    void happen();  // something, anything
    void happen_to(Site& site, Network& upstream);
    void heal();
    void restart_all();
    void settle();
    std::string unsettled() const;  // what is missing yet
    std::string uncounted() const;

    void check_counts();
    void require(bool holds, const std::string& rule) const;

    Machine machine_;
    Network top_;     // of the control plane
    Network bottom_;  // of the relay in the middle
    ControlPlane control_plane_;
    net::BlockingPool pool_{0};
    std::unique_ptr<Site> middle_;  // null: there is none
    std::unique_ptr<Site> edge_;

    UnixMillis next_heads_ = 0;
    bool is_last_ = false;  // the change after all trouble was made
};

}  // namespace fanion::test
