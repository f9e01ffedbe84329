#include "tests/unit/relay/simulation/planted_faults.hpp"

#include <iostream>
#include <string>
#include <string_view>

#include "tests/unit/relay/simulation/faults.hpp"
#include "tests/unit/relay/simulation/runs.hpp"

namespace fanion::test {
namespace {

struct PlantedFault {
    Plant plant;
    std::string_view name;
    std::string_view rule;  // that it breaks
};

constexpr std::string_view floor_rule = "the floor";
constexpr std::string_view floor_falls_rule = "the floor never falls";
constexpr std::string_view fall_rule = "what is served never falls";
constexpr std::string_view committed_rule = "what is served equals a committed version";
constexpr std::string_view arrival_rule = "every change arrives once links heal";
constexpr std::string_view counted_rule = "each event is counted once or reported dropped";
constexpr std::string_view twice_rule = "no event is counted twice";
constexpr std::string_view signed_rule = "what is served was signed";

constexpr PlantedFault planted_faults[] = {
    {Plant::floor_not_written, "the file of a floor is not replaced", floor_rule},
    {Plant::floor_written_late, "an old floor is written again", floor_falls_rule},
    {Plant::floor_not_synced, "a floor is not synced", floor_rule},
    {Plant::journal_not_synced, "appended deltas are not synced", floor_rule},
    {Plant::journal_cut, "appended deltas are cut short", floor_rule},
    {Plant::floor_ignored, "acceptance ignores the floor", fall_rule},
    {Plant::delta_incomplete, "a delta loses an item", committed_rule},
    {Plant::environment_not_checked, "a ruleset of another environment is accepted", committed_rule},
    {Plant::signature_not_checked, "signatures are not checked", signed_rule},
    {Plant::signature_covers_little, "signatures cover only the beginning", signed_rule},
    {Plant::version_refused, "some versions are refused", arrival_rule},
    {Plant::stream_not_resumed, "a lost stream is not resumed", arrival_rule},
    {Plant::batch_forgotten, "the spool forgets batches", counted_rule},
    {Plant::batch_renamed, "a batch is sent again with a new id", twice_rule},
    {Plant::acknowledged_unspooled, "a relay acknowledges what it does not keep", counted_rule},
    {Plant::passed_renamed, "a relay passes a batch on with a new id", twice_rule},
};

constexpr std::uint64_t most_worlds = 500;

bool is_of(const std::string& violation, std::string_view rule) { return violation.find(rule) != std::string::npos; }

}  // namespace

bool find_planted_faults() {
    bool all_found = true;
    for (const auto& fault : planted_faults) {
        const Planted plant(fault.plant);
        std::uint64_t seed = 0;
        std::string found;
        while (!is_of(found, fault.rule) && seed < most_worlds) found = failure_of(++seed);
        all_found = all_found && is_of(found, fault.rule);
        std::cout << fault.name << ": " << (is_of(found, fault.rule) ? found : "not found") << std::endl;
    }
    return all_found;
}

}  // namespace fanion::test
