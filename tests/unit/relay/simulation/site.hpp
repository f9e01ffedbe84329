#pragma once

// A relay with its disk, over all its processes, and what must hold of it at each moment: what it
// serves was committed and signed and never gets older, its floor on the disk never falls, and is
// there before what it is the floor of is served.

#include <map>
#include <memory>
#include <optional>
#include <set>
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

class Site {
public:
    struct Links {
        Network& upstream;
        Network* below = nullptr;
    };
    Site(Machine& machine, net::BlockingPool& pool, ControlPlane& control_plane, std::string name, Links links);
    ~Site();
    Site(const Site&) = delete;

    // What happens to it.
    void start();
    void end();  // in one of two ways
    void count_something();
    void end_soon() { disk_.end_after(machine_.below(40)); }
    void trouble_disk();
    void replace_by_copy();  // keeps one of the environments' files, or starts with the one kept
    void set_hostile(bool hostile) { hostility_.set(hostile); }
    void heal();

    void run();  // what can go on now, and the checks
    bool is_running() const { return node_ != nullptr; }
    RelayNode& node() { return *node_; }
    const std::string& name() const { return name_; }
    bool loses_power() const { return disk_.loses_power(); }

    // What is missing; empty: it holds all there is, and its spools are empty. `is_last`: also the
    // floors are on the disk, and it is reported to hold all this.
    std::string unsettled(bool is_last) const;

    // By flag, whose names begin with that of the relay.
    const std::map<std::string, std::uint64_t>& counted() const { return counted_; }
    std::uint64_t counted_total() const { return counted_total_; }
    std::uint64_t may_be_lost() const { return may_be_lost_; }
    std::uint64_t dropped() const { return dropped_; }                // of its own, as it reports
    std::uint64_t passed_dropped() const { return passed_dropped_; }  // of relays below

private:
    void end(Disk::End end);
    void require(bool holds, const std::string& rule) const;
    void check_served();
    void check_stored();
    void check_floors();
    wire::Version durable_floor(const std::string& env_id) const;

    Machine& machine_;
    ControlPlane& control_plane_;
    const std::string name_;
    Links links_;
    Disk disk_;
    const std::string environments_;  // the folder
    Hostility hostility_;
    NodePlace place_;
    std::unique_ptr<RelayNode> node_;

    std::map<std::string, wire::Version> floors_;  // the highest that the disk had for certain
    std::uint64_t checked_changes_ = 0;
    std::shared_ptr<const relay::cache::ServingState> checked_state_;
    std::map<std::string, wire::Version> accepted_;  // by this process
    std::set<std::string> unchecked_;  // environments that have got a newer version since the last check_stored()
    std::map<std::string, std::uint64_t> counted_;
    std::uint64_t counted_total_ = 0;
    std::uint64_t counted_on_disk_ = 0;  // of these, when counters and spool were last on disk
    std::uint64_t may_be_lost_ = 0;      // counted in memory only, and then killed
    std::uint64_t dropped_ = 0;
    std::uint64_t passed_dropped_ = 0;
    std::optional<Disk::Copy> kept_;
    bool was_put_back_ = false;
};

}  // namespace fanion::test
