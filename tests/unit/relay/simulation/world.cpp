#include "tests/unit/relay/simulation/world.hpp"

#include <algorithm>
#include <utility>

namespace fanion::test {

namespace {

constexpr UnixMillis step = 100;
constexpr UnixMillis time_to_heal = 600'000;

}  // namespace

World::World(std::uint64_t seed)
    : machine_(seed),
      top_(machine_, "http://control-plane"),
      bottom_(machine_, "http://middle"),
      control_plane_(machine_, top_) {
    control_plane_.set_strange(machine_.chance(40));
    for (auto* link : {&top_, &bottom_})
        link->set_trouble(machine_.chance(20) ? 0 : static_cast<unsigned>(machine_.below(25)));
    const bool is_chain = machine_.chance(40);
    if (is_chain) {
        const Site::Links links{top_, &bottom_};
        middle_ = std::make_unique<Site>(machine_, pool_, control_plane_, "middle", links);
    }
    const Site::Links links{is_chain ? bottom_ : top_, nullptr};
    edge_ = std::make_unique<Site>(machine_, pool_, control_plane_, "edge", links);
}

void World::require(bool holds, const std::string& rule) const {
    if (!holds) throw Violation(rule + " (after " + std::to_string(machine_.elapsed()) + " ms)");
}

void World::advance(UnixMillis by) {
    for (const auto end = machine_.elapsed() + by; machine_.elapsed() < end;) {
        machine_.advance(step);
        if (machine_.elapsed() >= next_heads_) {
            next_heads_ = machine_.elapsed() + 10'000;
            control_plane_.send_heads();
        }
        if (middle_) middle_->run();
        edge_->run();
        check_counts();
    }
}

void World::happen() {
    switch (machine_.below(16)) {
        case 0:
        case 1:
        case 2:
        case 3:
        case 4:
            return control_plane_.commit();
        case 5:
            return control_plane_.restart();
        case 6:
            return machine_.chance(50) ? control_plane_.keep_backup() : control_plane_.restore_backup();
        case 7:
            return machine_.chance(50) ? control_plane_.add_signer() : control_plane_.remove_signers();
        case 8:
            return machine_.chance(40) ? control_plane_.revoke_or_grant() : control_plane_.forge();
        case 9:
            return middle_ ? middle_->set_hostile(machine_.chance(80)) : control_plane_.commit();
        default:
            return middle_ && machine_.chance(50) ? happen_to(*middle_, top_)
                                                  : happen_to(*edge_, middle_ ? bottom_ : top_);
    }
}

void World::happen_to(Site& site, Network& upstream) {
    switch (machine_.below(10)) {
        case 0:
        case 1:
            return upstream.set_up(!upstream.is_up());
        case 2:
            return site.trouble_disk();
        case 3:
            return site.end_soon();
        case 4:
            return site.end();
        case 5:
        case 6:
            return site.is_running() && &site == middle_.get() ? site.replace_by_copy() : site.start();
        default:
            return site.count_something();
    }
}

void World::heal() {
    for (auto* link : {&top_, &bottom_}) {
        link->set_up(true);
        link->set_trouble(0);
    }
    control_plane_.grant_all();
    if (middle_) middle_->heal();
    edge_->heal();
}

void World::run() {
    for (auto left = 4 + machine_.below(16); left > 0; --left) {
        happen();
        advance(static_cast<UnixMillis>(machine_.below(12)) * step);
    }
    heal();
    // Which takes the time of all that it waits for away; the others must come to it by themselves.
    if (machine_.chance(75)) restart_all();
    settle();
    // A floor that the disk lacks is that of the newest snapshot, until the next change writes both.
    control_plane_.commit_all();
    is_last_ = true;
    settle();
}

void World::restart_all() {
    for (auto* site : {middle_.get(), edge_.get()}) {
        if (!site) continue;
        site->end();
        site->start();
    }
}

void World::settle() {
    const auto limit = machine_.elapsed() + time_to_heal;
    for (auto missing = unsettled(); !missing.empty(); missing = unsettled()) {
        require(machine_.elapsed() < limit, "every change arrives once links heal: " + missing);
        advance(1'000);
    }
    const auto uncounted_now = uncounted();
    require(uncounted_now.empty(), uncounted_now);
}

std::string World::unsettled() const {
    auto missing = middle_ ? middle_->unsettled(is_last_) : "";
    return missing.empty() ? edge_->unsettled(is_last_) : missing;
}

// Of what a relay counts on a disk that loses no power. A relay in the middle that does so must keep what it has acknowledged.
std::string World::uncounted() const {
    for (const auto* site : {middle_.get(), edge_.get()}) {
        if (!site || site->loses_power()) continue;
        std::uint64_t known = site->may_be_lost() + site->dropped();
        if (middle_ && site == edge_.get()) known += middle_->passed_dropped();
        for (const auto& [flag, evaluations] : site->counted()) {
            const auto stored = control_plane_.stored().find(flag);
            if (stored != control_plane_.stored().end()) known += stored->second;
        }
        if (known < site->counted_total())
            return "each event is counted once or reported dropped: of " + std::to_string(site->counted_total()) +
                   " of " + site->name() + " " + std::to_string(known) + " are known";
    }
    return "";
}

void World::check_counts() {
    for (const auto* site : {middle_.get(), edge_.get()}) {
        if (!site || site->loses_power()) continue;
        std::uint64_t stored_total = 0;
        for (const auto& [flag, evaluations] : site->counted()) {
            const auto stored = control_plane_.stored().find(flag);
            if (stored == control_plane_.stored().end()) continue;
            require(stored->second <= evaluations, "no event is counted twice: " + flag);
            stored_total += stored->second;
        }
        if (middle_ && site == edge_.get()) continue;  // a batch that comes twice may be dropped twice in the middle
        require(stored_total + site->dropped() <= site->counted_total(), "no event is both counted and dropped");
    }
}

}  // namespace fanion::test
