#include "tests/unit/relay/simulation/world.hpp"

#include <algorithm>
#include <utility>

#include "relay/cache/floor.hpp"

namespace fanion::test {

namespace {

constexpr UnixMillis step = 100;
constexpr UnixMillis time_to_heal = 600'000;
const std::string directory = "/simulated/relay";

}  // namespace

World::World(std::uint64_t seed)
    : machine_(seed),
      loses_power_(machine_.chance(30)),
      disk_(machine_.random(), loses_power_),
      network_(machine_),
      control_plane_(machine_, network_) {
    set_disk(&disk_);
    control_plane_.set_strange(machine_.chance(30));
    network_.set_trouble(machine_.chance(20) ? 0 : static_cast<unsigned>(machine_.below(25)));
    start_relay();
}

World::~World() {
    checked_state_.reset();
    disk_.freeze();
    network_.end_client();
    relay_.reset();
    set_disk(nullptr);
}

void World::require(bool holds, const std::string& rule) const {
    if (!holds) throw Violation(rule + " (after " + std::to_string(machine_.elapsed()) + " ms)");
}

void World::start_relay() {
    relay_ = std::make_unique<RelayNode>(machine_, pool_, directory, control_plane_.first_trust());
    accepted_.clear();
    checked_state_.reset();
}

void World::end_relay(Disk::End end) {
    if (!relay_) return;
    disk_.freeze();
    network_.end_client();
    checked_state_.reset();
    relay_.reset();
    disk_.restart(end);
    may_be_lost_ += counted_total_ - counted_on_disk_;
    counted_on_disk_ = counted_total_;
}

void World::advance(UnixMillis by) {
    for (const auto end = machine_.elapsed() + by; machine_.elapsed() < end;) {
        machine_.advance(step);
        if (machine_.elapsed() >= next_heads_) {
            next_heads_ = machine_.elapsed() + 10'000;
            control_plane_.send_heads();
        }
        if (!relay_) continue;
        relay_->run();
        if (disk_.is_frozen()) {
            end_relay(loses_power_ && machine_.chance(50) ? Disk::End::power_cut : Disk::End::kill);
        } else {
            check();
        }
    }
}

void World::happen() {
    switch (machine_.below(20)) {
        case 0:
        case 1:
        case 2:
        case 3:
        case 4:
            return control_plane_.commit();
        case 5:
            return control_plane_.restart();
        case 6:
            return control_plane_.keep_backup();
        case 7:
            return control_plane_.restore_backup();
        case 8:
            return machine_.chance(50) ? control_plane_.add_signer() : control_plane_.remove_signers();
        case 9:
            return machine_.chance(40) ? control_plane_.revoke_or_grant() : control_plane_.forge();
        case 10:
        case 11:
            return network_.set_up(!network_.is_up());
        case 12:
            return disk_.set_trouble(!machine_.chance(50) ? Disk::Trouble::none
                                     : loses_power_       ? Disk::Trouble::failing
                                                          : Disk::Trouble::full);
        case 13:
            return disk_.end_after(machine_.below(40));
        case 14:
            return end_relay(loses_power_ && machine_.chance(50) ? Disk::End::power_cut : Disk::End::kill);
        case 15:
        case 16:
            if (!relay_) start_relay();
            return;
        default:
            break;
    }
    if (!relay_ || disk_.is_frozen()) return;
    const auto flag = "f" + std::to_string(machine_.below(9));
    const auto evaluations = 1 + machine_.below(5);
    relay_->count(flag, evaluations);
    counted_[flag] += evaluations;
    counted_total_ += evaluations;
}

void World::heal() {
    network_.set_up(true);
    network_.set_trouble(0);
    control_plane_.set_strange(false);
    control_plane_.grant_all();
    disk_.set_trouble(Disk::Trouble::none);
    disk_.forget_end();
    if (disk_.is_frozen()) end_relay(Disk::End::kill);
    if (!relay_) start_relay();
}

void World::run() {
    for (auto left = 4 + machine_.below(16); left > 0; --left) {
        happen();
        advance(static_cast<UnixMillis>(machine_.below(12)) * step);
    }
    heal();
    settle();
    // A floor that the disk lacks is that of the newest snapshot, until the next change writes both.
    control_plane_.commit_all();
    is_last_ = true;
    settle();
}

void World::settle() {
    const auto limit = machine_.elapsed() + time_to_heal;
    for (auto missing = unsettled(); !missing.empty(); missing = unsettled()) {
        require(machine_.elapsed() < limit, "every change arrives once links heal: " + missing);
        advance(1'000);
    }
}

std::string World::unsettled() const {
    if (!relay_) return "the relay does not run";
    const auto state = relay_->serving();
    for (const auto& [env_id, roots] : control_plane_.committed()) {
        const auto* served = state ? state->find_environment(env_id) : nullptr;
        if (!served) return env_id + " is not served";
        if (served->version != control_plane_.present(env_id).version) return env_id + " is served as " + served->etag;
        const auto text = disk_.read(directory + "/env/" + env_id + "/floor", true);
        const auto floor = text ? relay::cache::parse_floor(*text) : std::nullopt;
        if (is_last_ && (!floor || floor->version != served->version))
            return "the floor of " + env_id + " is not on the disk";
    }
    const auto status = relay_->events_status();
    if (status.queued.counts > 0) return std::to_string(status.queued.counts) + " evaluations are queued";
    if (loses_power_) return "";
    const auto known = control_plane_.stored_total() + status.dropped.sum().counts;
    if (known + may_be_lost_ >= counted_total_) return "";
    return "each event is counted once or reported dropped: " + std::to_string(counted_total_) + " counted, " +
           std::to_string(control_plane_.stored_total()) + " stored, " + std::to_string(status.dropped.sum().counts) +
           " dropped, " + std::to_string(may_be_lost_) + " may be lost";
}

void World::check() {
    require(relay_->failures() == 0, "a task threw");
    check_served();
    check_floors();
    check_counts();
}

void World::check_served() {
    const auto state = relay_->serving();
    if (std::exchange(checked_state_, state) == state) return;
    std::map<std::string, wire::Version> now;
    for (const auto& environment : state ? state->environments : std::vector<relay::cache::EnvironmentStatePtr>()) {
        const auto& env_id = environment->env_id;
        const auto& roots = control_plane_.committed().at(env_id);
        const auto committed = roots.find(environment->version);
        require(committed != roots.end(), "what is served was signed: " + env_id + " " + environment->etag);
        const bool is_equal = environment->root == committed->second && environment->items->root() == environment->root;
        require(is_equal, "what is served equals a committed version: " + env_id + " " + environment->etag);
        now[env_id] = environment->version;
    }
    for (const auto& [env_id, version] : accepted_) {
        const auto at = now.find(env_id);
        require(at != now.end() || control_plane_.was_revoked(env_id), "only a revocation removes " + env_id);
        require(at == now.end() || at->second >= version, "what is served never falls: " + env_id);
    }
    accepted_ = std::move(now);
    require(relay_->cache().trust_version() <= control_plane_.trust_version(), "trust was signed");
}

void World::check_floors() {
    for (const auto& [env_id, roots] : control_plane_.committed()) {
        auto& [highest, last] = floors_[env_id];
        auto text = disk_.read(directory + "/env/" + env_id + "/floor", true);
        if (text != last) {
            last = std::move(text);
            const auto floor = last ? relay::cache::parse_floor(*last) : std::nullopt;
            const auto version = floor ? floor->version : wire::Version{};
            require(version >= highest, "the floor never falls: " + env_id + " from " + wire::to_string(highest) +
                                            " to " + wire::to_string(version));
            highest = version;
        }
        // What a revocation removed may be there in part after a power cut.
        const bool may_be_older = loses_power_ && control_plane_.was_revoked(env_id);
        const auto at = accepted_.find(env_id);
        require(at == accepted_.end() || at->second >= highest || may_be_older,
                "what is served is not below the floor: " + env_id);
    }
}

void World::check_counts() {
    const auto status = relay_->events_status();
    if (status.counters_on_disk && status.spool_on_disk) counted_on_disk_ = counted_total_;
    if (loses_power_) return;
    for (const auto& [flag, evaluations] : control_plane_.stored())
        require(evaluations <= counted_[flag], "no event is counted twice: " + flag);
    require(control_plane_.stored_total() + status.dropped.sum().counts <= counted_total_,
            "no event is both counted and dropped");
}

}  // namespace fanion::test
