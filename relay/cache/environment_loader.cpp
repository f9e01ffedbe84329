#include "relay/cache/environment_loader.hpp"

#include <algorithm>

#include "relay/cache/head_file.hpp"

namespace fanion::relay::cache {
namespace {

// One pass over the snapshots in the order given; the first that can be served is kept.
class Search {
public:
    Search(const LoadInput& input, LoadedEnvironment& loaded) : input_(input), loaded_(loaded) {}

    void run(const std::vector<wire::Version>& versions) {
        for (const auto version : versions) {
            if (loaded_.candidate) return;
            consider(version);
        }
    }

private:
    void consider(wire::Version version) {
        const auto bytes = input_.files.load(version, input_.max_bytes);
        if (!bytes) {
            loaded_.problems.push_back(bytes.error().detail);
            return;
        }
        // Same version with another root is refused here too; what is below the floor is judged by the caller.
        auto floor = loaded_.floor;
        if (floor && floor->version != version) floor.reset();
        const PrepareInput prepare_input{.bytes = *bytes,
                                         .trust = input_.trust,
                                         .env_id = input_.env_id,
                                         .floor = floor,
                                         .probation = loaded_.probation,
                                         .signals = input_.signals,
                                         .now = input_.now,
                                         .at_rest = true,
                                         .max_bytes = input_.max_bytes};
        auto prepared = prepare(prepare_input);
        if (auto* candidate = std::get_if<Candidate>(&prepared)) {
            loaded_.candidate = std::move(*candidate);
            return;
        }
        auto& rejection = std::get<wire::Rejection>(prepared);
        loaded_.problems.push_back("snapshot " + wire::to_string(version) + ": " +
                                   std::string(name_of(rejection.code)) + ": " + rejection.detail);
        if (!loaded_.rejection) loaded_.rejection = std::move(rejection);
    }

    const LoadInput& input_;
    LoadedEnvironment& loaded_;
};

std::vector<wire::Version> proven_first(std::vector<wire::Version> versions, const Probation& probation) {
    if (!probation.proven()) return versions;
    const auto at = std::find(versions.begin(), versions.end(), probation.proven()->version);
    if (at != versions.end()) std::rotate(versions.begin(), at, at + 1);
    return versions;
}

void search(const LoadInput& input, LoadedEnvironment& loaded) {
    auto versions = input.files.list();
    if (versions.empty()) return;
    Search pass(input, loaded);
    pass.run({versions.front()});
    versions.erase(versions.begin());
    const bool poisoned = loaded.rejection && loaded.rejection->code == wire::Nack::quarantined;
    // Behind a ruleset in quarantine the one that proved itself comes before newer ones that did not.
    pass.run(poisoned ? proven_first(std::move(versions), loaded.probation) : versions);
}

void load_records(const LoadInput& input, LoadedEnvironment& loaded) {
    auto floor = load_floor(input.files.directory());
    auto probation = load_probation(input.files.directory());
    loaded.floor = floor.floor;
    loaded.probation = std::move(probation.probation);
    if (floor.problem) loaded.problems.push_back("floor: " + *floor.problem);
    if (probation.problem) loaded.problems.push_back("probation: " + *probation.problem);
    auto head = load_head(input.files.directory(), input.trust, input.env_id);
    loaded.head = std::move(head.head);
    if (head.problem) loaded.problems.push_back("head: " + *head.problem);
}

void select_floor(LoadedEnvironment& loaded) {
    if (!loaded.candidate) return;
    const auto found = floor_of(*loaded.candidate->state);
    if (loaded.floor && found.version < loaded.floor->version) {
        loaded.problems.push_back("serving " + wire::to_string(found.version) + ", below the floor " +
                                  wire::to_string(loaded.floor->version));
    }
    loaded.floor = raised(loaded.floor, found);
}

}  // namespace

LoadedEnvironment load_environment(const LoadInput& input) {
    LoadedEnvironment loaded;
    load_records(input, loaded);
    const auto quarantined = loaded.probation.record_start(input.now);
    search(input, loaded);
    if (!loaded.candidate && quarantined) {
        loaded.problems.push_back("not quarantined: nothing else is there to serve");
        loaded.probation.release(*quarantined);
        loaded.rejection.reset();
        search(input, loaded);
    }
    select_floor(loaded);
    if (loaded.candidate) loaded.probation.begin(floor_of(*loaded.candidate->state));
    return loaded;
}

}  // namespace fanion::relay::cache
