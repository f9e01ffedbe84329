#pragma once

// One control plane and one relay, and what happens to them: a seed decides all of it. For some
// seconds of simulated time there is trouble; then links and disk are well again, and the relay
// must hold everything and have delivered everything in the end.

#include <map>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>

#include "tests/unit/relay/simulation/control_plane.hpp"
#include "tests/unit/relay/simulation/disk.hpp"
#include "tests/unit/relay/simulation/relay_node.hpp"

namespace fanion::test {

// A rule was broken; the text says which.
struct Violation : std::runtime_error {
    using std::runtime_error::runtime_error;
};

class World {
public:
    explicit World(std::uint64_t seed);
    ~World();

    void run();  // throws Violation

private:
    void start_relay();
    void end_relay(Disk::End end);
    void advance(UnixMillis by);
    void happen();  // something, anything
    void heal();
    void settle();
    std::string unsettled() const;  // what is missing yet

    void check();
    void check_served();
    void check_floors();
    void check_counts();
    void require(bool holds, const std::string& rule) const;

    Machine machine_;
    const bool loses_power_;
    Disk disk_;
    Network network_;
    ControlPlane control_plane_;
    net::BlockingPool pool_{0};
    std::unique_ptr<RelayNode> relay_;

    struct Floor {
        wire::Version highest;
        std::optional<std::string> file;  // as it was last
    };
    std::map<std::string, Floor> floors_;  // that the disk had for certain
    std::shared_ptr<const relay::cache::ServingState> checked_state_;
    std::map<std::string, wire::Version> accepted_;  // by this process
    std::map<std::string, std::uint64_t> counted_;   // evaluations by flag
    std::uint64_t counted_total_ = 0;
    std::uint64_t counted_on_disk_ = 0;  // of these, when counters and spool were last on disk
    std::uint64_t may_be_lost_ = 0;      // counted in memory only, and then killed
    UnixMillis next_heads_ = 0;
    bool is_last_ = false;  // the change after all trouble was made
};

}  // namespace fanion::test
