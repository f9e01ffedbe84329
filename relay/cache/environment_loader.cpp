#include "relay/cache/environment_loader.hpp"

#include <algorithm>
#include <filesystem>
#include <span>
#include <system_error>

#include "common/wire/have.hpp"
#include "relay/cache/compile_mark.hpp"
#include "relay/cache/head_file.hpp"
#include "relay/cache/relay_keys_file.hpp"

namespace fanion::relay::cache {
namespace {

// Over the versions in the order given; the first that can be served is kept.
class Search {
public:
    Search(const StoredVersions& stored, PrepareInput& input, LoadedEnvironment& loaded)
        : stored_(stored), input_(input), loaded_(loaded) {}

    void run(std::span<const StoredChain> chains) {
        for (const auto& chain : chains) {
            if (loaded_.candidate) return;
            if (chain.tip != quarantined_) consider(chain);
        }
    }
    const std::optional<wire::Version>& quarantined() const noexcept { return quarantined_; }

private:
    void consider(const StoredChain& chain) {
        const auto version = chain.tip;
        auto bytes = stored_.load(chain, input_.max_bytes);
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
            if (loaded_.candidate->state->version == version) loaded_.chain = chain;
            return;
        }
        auto& rejection = std::get<wire::Rejection>(prepared);
        loaded_.problems.push_back("snapshot " + described(chain) + ": " + std::string(name_of(rejection.code)) + ": " +
                                   rejection.detail);
        if (rejection.code == wire::Nack::quarantined) quarantined_ = version;
        if (!loaded_.rejection) loaded_.rejection = std::move(rejection);
    }

    static std::string described(const StoredChain& chain) {
        auto text = wire::to_string(chain.snapshot);
        if (chain.deltas > 0) text += " with " + std::to_string(chain.deltas) + " deltas";
        return text;
    }

    const StoredVersions& stored_;
    PrepareInput& input_;
    LoadedEnvironment& loaded_;
    std::optional<wire::Version> quarantined_;
};

void search(const StoredVersions& stored, PrepareInput& input, LoadedEnvironment& loaded) {
    const auto& proven = loaded.probation.proven();
    const auto proven_version = proven ? std::optional(proven->version) : std::nullopt;
    auto chains = stored.chains(proven_version);
    if (chains.empty()) return;
    const auto newest = chains.front().tip;
    const auto older = std::find_if(chains.begin(), chains.end(), [&](const auto& c) { return c.tip != newest; });
    Search pass(stored, input, loaded);
    pass.run({chains.begin(), older});
    // After a quarantined ruleset the proven one is tried before newer ones.
    if (pass.quarantined())
        std::stable_partition(older, chains.end(), [&](const auto& chain) { return chain.tip == proven_version; });
    pass.run({older, chains.end()});
    if (loaded.candidate && loaded.candidate->state->version == newest) loaded.rejection.reset();
}

void load_records(const SnapshotFiles& files, const StoredVersions& stored, const PrepareInput& input,
                  LoadedEnvironment& loaded) {
    auto floor = load_floor(files.directory());
    auto probation = load_probation(files.directory());
    loaded.floor = stored.floor() ? raised(floor.floor, *stored.floor()) : floor.floor;
    loaded.problems = stored.problems();
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

// An earlier process may have ended before it synced what was read.
void sync_journals(const SnapshotFiles& files, LoadedEnvironment& loaded) {
    if (!loaded.chain || loaded.chain->journals.empty()) return;
    const auto synced = files.sync_journals(loaded.chain->journals);
    if (!synced) loaded.problems.push_back(synced.error().detail);
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
    const StoredVersions stored(files);
    load_records(files, stored, input, loaded);
    input.mark_directory = files.directory();
    const auto record_before = loaded.probation.format();
    loaded.quarantined = loaded.probation.record_start({crashed, take_compile_mark(files.directory())}, input.now);
    // Written before the first compile of this process, which may end as the last one did.
    if (loaded.probation.format() != record_before)
        static_cast<void>(save_probation(files.directory(), loaded.probation));
    search(stored, input, loaded);
    // Not after a compile that never comes back: nothing at all would be served.
    if (auto& quarantined = loaded.quarantined.by_crash; !loaded.candidate && quarantined) {
        loaded.problems.push_back("quarantine lifted: there is no other snapshot to serve");
        loaded.probation.release(*quarantined);
        quarantined.reset();
        loaded.rejection.reset();
        search(stored, input, loaded);
    }
    select_floor(loaded);
    sync_journals(files, loaded);
    if (loaded.candidate) loaded.revocation.reset();  // granted again, and stale until a head comes
    if (loaded.revocation) load_former_keys(files, loaded);
    if (loaded.candidate) loaded.probation.begin(floor_of(*loaded.candidate->state));
    return loaded;
}

}  // namespace fanion::relay::cache
