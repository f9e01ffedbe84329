#include "relay/cache/environment_loader.hpp"

#include <algorithm>
#include <filesystem>
#include <system_error>

#include "common/wire/have.hpp"
#include "relay/cache/compile_mark.hpp"
#include "relay/cache/head_file.hpp"
#include "relay/cache/relay_keys_file.hpp"

namespace fanion::relay::cache {
namespace {

// One pass over the snapshots in the order given; the first that can be served is kept.
class Search {
public:
    Search(const SnapshotFiles& files, PrepareInput& input, LoadedEnvironment& loaded)
        : files_(files), input_(input), loaded_(loaded) {}

    void run(const std::vector<wire::Version>& versions) {
        for (const auto version : versions) {
            if (loaded_.candidate) return;
            consider(version);
        }
    }

private:
    void consider(wire::Version version) {
        auto bytes = files_.load(version, input_.max_bytes);
        if (!bytes) {
            loaded_.problems.push_back(bytes.error().detail);
            return;
        }
        input_.bytes = std::move(*bytes);
        // The same version with another root is refused here. A version below the floor is served; select_floor()
        // reports it.
        input_.floor = loaded_.floor && loaded_.floor->version == version ? loaded_.floor : std::nullopt;
        input_.probation = loaded_.probation;
        auto prepared = prepare(input_);
        if (auto* candidate = std::get_if<Candidate>(&prepared)) {
            loaded_.candidate = std::move(*candidate);
            return;
        }
        auto& rejection = std::get<wire::Rejection>(prepared);
        loaded_.problems.push_back("snapshot " + wire::to_string(version) + ": " +
                                   std::string(name_of(rejection.code)) + ": " + rejection.detail);
        if (!loaded_.rejection) loaded_.rejection = std::move(rejection);
    }

    const SnapshotFiles& files_;
    PrepareInput& input_;
    LoadedEnvironment& loaded_;
};

std::vector<wire::Version> proven_first(std::vector<wire::Version> versions, const Probation& probation) {
    if (!probation.proven()) return versions;
    const auto at = std::find(versions.begin(), versions.end(), probation.proven()->version);
    if (at != versions.end()) std::rotate(versions.begin(), at, at + 1);
    return versions;
}

void search(const SnapshotFiles& files, PrepareInput& input, LoadedEnvironment& loaded) {
    auto versions = files.list();
    if (versions.empty()) return;
    Search pass(files, input, loaded);
    pass.run({versions.front()});
    versions.erase(versions.begin());
    const bool is_quarantined = loaded.rejection && loaded.rejection->code == wire::Nack::quarantined;
    // After a quarantined ruleset the proven one is tried before newer ones.
    pass.run(is_quarantined ? proven_first(std::move(versions), loaded.probation) : versions);
}

void load_records(const SnapshotFiles& files, const PrepareInput& input, LoadedEnvironment& loaded) {
    auto floor = load_floor(files.directory());
    auto probation = load_probation(files.directory());
    loaded.floor = floor.floor;
    loaded.probation = std::move(probation.probation);
    if (floor.problem) loaded.problems.push_back("floor: " + *floor.problem);
    if (probation.problem) loaded.problems.push_back("probation: " + *probation.problem);
    auto head = load_head(files.directory(), *input.trust, input.env_id);
    const bool is_revocation = head.head && head.head->type == wire::ManifestType::revoked;
    (is_revocation ? loaded.revocation : loaded.head) = std::move(head.head);
    (is_revocation ? loaded.revocation_bytes : loaded.head_bytes) = std::move(head.bytes);
    if (head.problem) loaded.problems.push_back("head: " + *head.problem);
}

void load_former_keys(const SnapshotFiles& files, LoadedEnvironment& loaded) {
    auto keys = load_relay_keys(files.directory());
    loaded.former_keys = std::move(keys.hashes);
    if (keys.problem) loaded.problems.push_back("relay-keys: " + *keys.problem);
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

std::vector<std::string> list_environments(const std::string& directory, std::size_t most) {
    std::vector<std::string> ids;
    std::error_code reason;
    for (std::filesystem::directory_iterator at(directory, reason), end; !reason && at != end; at.increment(reason)) {
        auto name = at->path().filename().string();
        if (wire::is_valid_env_id(name)) ids.push_back(std::move(name));
    }
    std::sort(ids.begin(), ids.end());
    std::size_t with_rulesets = 0;
    std::erase_if(ids, [&](const std::string& id) {
        return !SnapshotFiles(directory + "/" + id).list().empty() && ++with_rulesets > most;
    });
    return ids;
}

LoadedEnvironment load_environment(const SnapshotFiles& files, PrepareInput input, bool crashed) {
    LoadedEnvironment loaded;
    input.at_rest = true;
    load_records(files, input, loaded);
    input.mark_directory = files.directory();
    const auto record_before = loaded.probation.format();
    loaded.quarantined = loaded.probation.record_start({crashed, take_compile_mark(files.directory())}, input.now);
    // Written before the first compile of this process, which may end as the last one did.
    if (loaded.probation.format() != record_before)
        static_cast<void>(save_probation(files.directory(), loaded.probation));
    search(files, input, loaded);
    // Not after a compile that never comes back: nothing at all would be served.
    if (auto& quarantined = loaded.quarantined.by_crash; !loaded.candidate && quarantined) {
        loaded.problems.push_back("quarantine lifted: there is no other snapshot to serve");
        loaded.probation.release(*quarantined);
        quarantined.reset();
        loaded.rejection.reset();
        search(files, input, loaded);
    }
    select_floor(loaded);
    if (loaded.candidate) loaded.revocation.reset();  // granted again, and stale until a head comes
    if (loaded.revocation) load_former_keys(files, loaded);
    if (loaded.candidate) loaded.probation.begin(floor_of(*loaded.candidate->state));
    return loaded;
}

}  // namespace fanion::relay::cache
