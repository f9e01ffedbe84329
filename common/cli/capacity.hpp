#pragma once

// How many relays, control planes and bytes a load needs, by the figures of capacity_figures.hpp.
// Pure. docs/capacity.md describes each formula. Private to common/cli.

#include <cstdint>
#include <string>
#include <vector>

namespace fanion::cli {

// What an installation is to carry, in all of its parts together.
struct Demand {
    double requests = 1'000;  // evaluations asked of relays, a second
    double streams = 10'000;  // of SDKs, at a time
    double environments = 10;
    double flags = 500;      // of an environment
    double changes = 200;    // a day
    double exposures = 100;  // a second
    double metrics = 20;     // metric events, a second
    double series = 0;       // label sets that are evaluated in a minute; 0: environments x flags
    double relays = 0;       // at least, as where each pod has one
    double cores = 4;        // of a relay's machine
    double streams_per_relay = 10'000;
    double fan_out = 1'000;          // relays below a relay or a control plane
    double flush_interval = 10'000;  // ms between a relay's batches of counts
    double utilisation = 50;         // percent of what was measured
    double retention_days = 45;      // of exposures and metric events
    double counts_days = 400;        // of counts of evaluations
    bool tls = false;                // the relays themselves serve it
};

struct RelayNeed {
    double evaluation_cores = 0;
    double exposure_cores = 0;
    double fan_out_cores = 0;
    double by_processor = 0;  // relays
    double by_streams = 0;
    double count = 0;   // those that applications talk to
    double memory = 0;  // bytes of each
};

struct TreeNeed {
    std::vector<double> parents;  // by level, that next to the control plane first; none: relays follow it themselves
    double reach = 0;             // ms from a change until the last stream has it
};

struct ControlNeed {
    double batches = 0;  // a second
    double counts = 0;   // a second, in these
    double by_batches = 0;
    double by_units = 0;
    double by_relays = 0;
    double count = 0;
};

struct TableNeed {
    std::string what;
    double rows = 0;   // a day
    double bytes = 0;  // a day
    double log = 0;    // bytes a day
    double kept = 0;   // bytes, once what is old is removed as fast as new rows come
};

struct Capacity {
    RelayNeed relay;
    TreeNeed tree;
    ControlNeed control;
    std::vector<TableNeed> tables;
    TableNeed total;
};

Capacity estimate(const Demand& demand);

// 1234567.8 -> "1,234,568"
std::string grouped(double number);
// In the largest decimal unit: "12.3 GB".
std::string in_bytes(double bytes);

}  // namespace fanion::cli
