#include "tests/unit/relay/simulation/site.hpp"

#include <utility>

#include "relay/cache/floor.hpp"
#include "relay/cache/journal.hpp"

namespace fanion::test {

Site::Site(Machine& machine, net::BlockingPool& pool, ControlPlane& control_plane, std::string name, Links links)
    : machine_(machine),
      control_plane_(control_plane),
      name_(std::move(name)),
      links_(links),
      disk_(machine.random(), std::string(Disk::root) + name_, machine.chance(30)),
      environments_(disk_.directory() + "/env/"),
      hostility_(machine),
      place_{machine,        pool,        name_,      disk_.directory(), control_plane.first_trust(),
             links.upstream, links.below, &hostility_} {
    disk_.on_end([this] { links_.upstream.end_client(); });
    start();
}

Site::~Site() {
    checked_state_.reset();
    disk_.freeze();
    node_.reset();
}

void Site::require(bool holds, const std::string& rule) const {
    if (!holds) throw Violation(rule + " (" + name_ + ", after " + std::to_string(machine_.elapsed()) + " ms)");
}

void Site::start() {
    if (node_) return;
    links_.upstream.start_client();
    node_ = std::make_unique<RelayNode>(place_);
    accepted_.clear();
    checked_state_.reset();
}

void Site::end() { end(loses_power() && machine_.chance(50) ? Disk::End::power_cut : Disk::End::kill); }

void Site::end(Disk::End end) {
    if (!node_) return;
    disk_.freeze();
    checked_state_.reset();
    node_.reset();
    disk_.restart(end);
    may_be_lost_ += counted_total_ - counted_on_disk_;
    counted_on_disk_ = counted_total_;
}

void Site::trouble_disk() {
    const bool fails = loses_power() || machine_.chance(50);
    const auto trouble = fails ? Disk::Trouble::failing : Disk::Trouble::full;
    disk_.set_trouble(machine_.chance(50) ? trouble : Disk::Trouble::none);
}

// Its floors are as old as its snapshots then: it may serve and record what is older.
void Site::replace_by_copy() {
    if (!kept_) {
        kept_ = disk_.copy(environments_);
        return;
    }
    test::count(Fault::cache_stale);
    end(Disk::End::kill);
    disk_.put_back(environments_, *kept_);
    kept_.reset();
    floors_.clear();
    was_put_back_ = true;
    start();
}

void Site::heal() {
    hostility_.set(false);
    disk_.set_trouble(Disk::Trouble::none);
    disk_.forget_end();
    if (disk_.is_frozen()) end(Disk::End::kill);
    start();
}

void Site::count_something() {
    if (!node_ || disk_.is_frozen()) return;
    for (auto rows = 1 + machine_.below(4); rows > 0; --rows) {
        const auto flag = name_ + std::to_string(machine_.below(9));
        const auto evaluations = 1 + machine_.below(5);
        node_->count(flag, evaluations);
        counted_[flag] += evaluations;
        counted_total_ += evaluations;
    }
}

void Site::run() {
    if (!node_) return;
    node_->run();
    if (disk_.is_frozen()) return end();
    require(node_->failures() == 0, "a task threw");
    check_served();
    if (std::exchange(checked_changes_, disk_.changes()) != disk_.changes()) check_floors();
    check_stored();
    const auto status = node_->events_status();
    if (status.counters_on_disk && status.spool_on_disk) counted_on_disk_ = counted_total_;
    dropped_ = status.dropped.sum().counts;
    passed_dropped_ = node_->passed_status().dropped.counts;
}

std::string Site::unsettled(bool is_last) const {
    if (!node_) return name_ + " does not run";
    const auto state = node_->serving();
    for (const auto& [env_id, roots] : control_plane_.committed()) {
        const auto* served = state ? state->find_environment(env_id) : nullptr;
        if (!served) return env_id + " is not served by " + name_;
        const auto present = control_plane_.present(env_id).version;
        if (served->version != present) return env_id + " is served by " + name_ + " as " + served->etag;
        if (is_last && durable_floor(env_id) != present)
            return "the floor of " + env_id + " is not on the disk of " + name_;
        const auto& reported = control_plane_.reported(name_);
        const auto report = reported.find(env_id);
        if (is_last && (report == reported.end() || report->second != present))
            return name_ + " is not reported to serve " + env_id;
    }
    const auto queued = node_->events_status().queued.counts + node_->passed_status().queued.counts;
    return queued > 0 ? std::to_string(queued) + " evaluations are queued at " + name_ : "";
}

void Site::check_served() {
    const auto state = node_->serving();
    if (std::exchange(checked_state_, state) == state) return;
    std::map<std::string, wire::Version> now;
    for (const auto& environment : state ? state->environments : std::vector<relay::cache::EnvironmentStatePtr>()) {
        const auto& env_id = environment->env_id;
        const auto& roots = control_plane_.committed().at(env_id);
        const auto committed = roots.find(environment->version);
        require(committed != roots.end(), "what is served was signed: " + env_id + " " + environment->etag);
        const bool is_equal = environment->root == committed->second && environment->items->root() == environment->root;
        require(is_equal, "what is served equals a committed version: " + env_id + " " + environment->etag);
        const auto before = accepted_.find(env_id);
        if (before != accepted_.end() && before->second < environment->version) unchecked_.insert(env_id);
        now[env_id] = environment->version;
    }
    for (const auto& [env_id, version] : accepted_) {
        const auto at = now.find(env_id);
        require(at != now.end() || control_plane_.was_revoked(env_id), "only a revocation removes " + env_id);
        require(at == now.end() || at->second >= version, "what is served never falls: " + env_id);
    }
    accepted_ = std::move(now);
    require(node_->cache().trust_version() <= control_plane_.trust_version(), "trust was signed");
}

// What the relay does not report as a fault of its disk must survive a power cut before it is served.
void Site::check_stored() {
    if (unchecked_.empty()) return;
    for (const auto& report : node_->cache().report()) {
        const auto& env_id = report.status.env_id;
        if (!unchecked_.contains(env_id) || !report.disk_problem.empty()) continue;
        const bool is_stored = durable_floor(env_id) >= accepted_.at(env_id);
        require(is_stored, "the floor is on the disk before what is served: " + env_id);
    }
    unchecked_.clear();
}

// In whatever file; 0.0: there is none.
wire::Version Site::durable_floor(const std::string& env_id) const {
    std::optional<wire::Floor> highest;
    for (const auto& [name, is_directory] : disk_.list(environments_ + env_id)) {
        const bool is_journal = name.ends_with(".journal");
        if (!is_journal && name != "floor") continue;
        const auto text = disk_.read(environments_ + env_id + "/" + name, true);
        if (!text) continue;
        const auto floor = is_journal ? relay::cache::parse_journal(*text).floor : relay::cache::parse_floor(*text);
        if (floor) highest = relay::cache::raised(highest, *floor);
    }
    return highest ? highest->version : wire::Version{};
}

void Site::check_floors() {
    for (const auto& [env_id, roots] : control_plane_.committed()) {
        auto& highest = floors_[env_id];
        const auto floor = durable_floor(env_id);
        require(floor >= highest, "the floor never falls: " + env_id + " from " + wire::to_string(highest) + " to " +
                                      wire::to_string(floor));
        highest = floor;
        // An older one is loaded where the newest snapshot is missing in part because of a revocation and a power cut.
        const bool may_be_older = was_put_back_ || (loses_power() && control_plane_.was_revoked(env_id));
        const auto at = accepted_.find(env_id);
        require(at == accepted_.end() || at->second >= highest || may_be_older,
                "what is served is not below the floor: " + env_id);
    }
}

}  // namespace fanion::test
