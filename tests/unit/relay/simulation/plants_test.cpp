// Each invariant can fail: the simulation finds defects that are planted in the program, in few worlds.

#include <catch2/catch.hpp>
#include <iostream>
#include <string>
#include <string_view>

#include "tests/unit/relay/simulation/world.hpp"

using namespace fanion::test;

namespace {

struct PlantedFault {
    Plant plant;
    std::string_view name;
    std::string_view rule;  // that it breaks
};

constexpr std::string_view floor_rule = "the floor never falls";
constexpr std::string_view committed_rule = "what is served equals a committed version";
constexpr std::string_view arrival_rule = "every change arrives once links heal";
constexpr std::string_view counted_rule = "each event is counted once or reported dropped";
constexpr std::string_view twice_rule = "no event is counted twice";
constexpr std::string_view signed_rule = "what is served was signed";

constexpr PlantedFault planted_faults[] = {
    {Plant::floor_not_written, "the file of a floor is not replaced", floor_rule},
    {Plant::floor_written_late, "an old floor is written again", floor_rule},
    {Plant::floor_not_synced, "a floor is not synced", floor_rule},
    {Plant::floor_ignored, "acceptance ignores the floor", floor_rule},
    {Plant::delta_incomplete, "a delta loses an item", committed_rule},
    {Plant::environment_not_checked, "a ruleset of another environment is accepted", committed_rule},
    {Plant::signature_not_checked, "signatures are not checked", signed_rule},
    {Plant::signature_covers_little, "signatures cover only the beginning", signed_rule},
    {Plant::version_refused, "some versions are refused", arrival_rule},
    {Plant::stream_not_resumed, "a lost stream is not resumed", arrival_rule},
    {Plant::batch_forgotten, "the spool forgets batches", counted_rule},
    {Plant::batch_renamed, "a batch is sent again with a new id", twice_rule},
    {Plant::acknowledged_unspooled, "a relay acknowledges what it does not keep", counted_rule},
    {Plant::spooled_unsynced, "a relay acknowledges what is not synced", counted_rule},
    {Plant::passed_renamed, "a relay passes a batch on with a new id", twice_rule},
};

constexpr std::uint64_t most_worlds = 500;

}  // namespace

TEST_CASE("a planted fault breaks its rule within some hundred worlds") {
    for (const auto& fault : planted_faults) {
        const Planted plant(fault.plant);
        std::uint64_t seed = 0;
        std::string found;
        while (!found.starts_with(fault.rule) && seed < most_worlds) {
            try {
                World(++seed).run();
            } catch (const Violation& violation) {
                found = violation.what();
            }
        }
        INFO(fault.name << ": " << found);
        CHECK(found.starts_with(fault.rule));
        std::cout << fault.name << ": world " << seed << ", " << found << std::endl;
    }
}
