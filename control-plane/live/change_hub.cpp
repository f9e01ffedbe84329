#include "control-plane/live/change_hub.hpp"

#include <algorithm>
#include <boost/asio/as_tuple.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <utility>

#include "control-plane/audit/audit_store.hpp"
#include "control-plane/live/presence_store.hpp"

namespace fanion::cp::live {

namespace asio = boost::asio;
using asio::awaitable;
using std::chrono::steady_clock;

namespace {

constexpr std::size_t changes_of_a_read = 200;

}  // namespace

Subscription::~Subscription() { hub_.unsubscribe(*this); }

void Subscription::wake() {
    has_news_ = true;
    timer_.cancel();
}

void Subscription::end() {
    has_ended_ = true;
    wake();
}

awaitable<void> Subscription::wait_until(steady_clock::time_point deadline) {
    if (!std::exchange(has_news_, false)) {
        timer_.expires_at(deadline);
        constexpr auto token = asio::as_tuple(asio::use_awaitable);
        co_await timer_.async_wait(token);
        has_news_ = false;
    }
}

awaitable<std::uint64_t> ChangeHub::newest(access::OrgId org_id) {
    auto tx = co_await deps_.pool.begin(db::Scope::tenant(org_id.str()), db::Mode::snapshot);
    const auto head = co_await audit::find_audit_head(tx, org_id);
    co_return head ? head->seq : 0;
}

// The entries, which have the states, are parsed on the pool.
awaitable<ChangeHub::Found> ChangeHub::read_after(access::OrgId org_id, std::uint64_t position) {
    deps_.metrics.reads.add();
    auto tx = co_await deps_.pool.begin(db::Scope::tenant(org_id.str()), db::Mode::snapshot);
    audit::AuditPage wanted{{}, audit::AuditOrder::oldest_first, position, changes_of_a_read};
    auto found = co_await audit::list_audit(tx, org_id, std::move(wanted));
    if (found.entries.empty()) co_return Found{};
    const auto page = std::make_shared<const audit::StoredEntries>(std::move(found));
    const auto emails = co_await audit::actor_emails(tx, page->entries);
    auto work = [page, emails] {
        std::vector<ChangePtr> changes;
        for (const auto& entry : page->entries) {
            const auto email = emails.find(entry.actor_id);
            auto change = make_change(entry.link, email == emails.end() ? "" : email->second);
            if (change) changes.push_back(std::move(change));
        }
        return changes;
    };
    auto changes = co_await deps_.blocking.compute(std::move(work));
    co_return Found{std::move(changes), page->has_more};
}

// The first one that watches an organisation reads once more after it is known: what is committed in between is told to nobody
// else. If it resumes a little behind, what it missed is remembered, for the others that come back after a restart.
awaitable<Result<std::unique_ptr<Subscription>>> ChangeHub::subscribe(access::OrgId org_id, access::UserId user_id,
                                                                      std::optional<std::uint64_t> since) {
    auto made = std::make_unique<Subscription>(*this, executor_, org_id, user_id);
    const auto most = config_.streams_of_a_person;
    made->is_counted_ = deps_.open.enter(user_id, most);
    if (!made->is_counted_) {
        co_return Error{Errc::rate_limited,
                        "you have " + std::to_string(most) + " streams of live changes open: close one first",
                        {}};
    }
    subscribers_.insert(made.get());
    deps_.metrics.streams.set(static_cast<double>(subscribers_.size()));
    const auto last = co_await newest(org_id);
    made->position = since.value_or(last);
    const auto [tail, is_first] = tails_.try_emplace(org_id);
    if (is_first)
        tail->second.last =
            made->position < last && last - made->position <= config_.remembered ? made->position : last;
    tail->second.subscribers.insert(made.get());
    if (is_first) co_await follow(std::move(org_id));
    co_return std::move(made);
}

void ChangeHub::unsubscribe(Subscription& subscriber) {
    if (subscriber.is_counted_) deps_.open.leave(subscriber.user_id());
    subscribers_.erase(&subscriber);
    deps_.metrics.streams.set(static_cast<double>(subscribers_.size()));
    const auto tail = tails_.find(subscriber.org_id());
    if (tail == tails_.end()) return;
    tail->second.subscribers.erase(&subscriber);
    if (tail->second.subscribers.empty()) tails_.erase(tail);
}

awaitable<ChangeHub::Batch> ChangeHub::next(Subscription& subscriber) {
    Batch batch;
    const auto position = subscriber.position;
    const auto& tail = tails_.at(subscriber.org_id());
    if (position > tail.last) {
        // From a replica that is ahead of this one, or from another log, as after a restore.
        const auto last = co_await newest(subscriber.org_id());
        batch.has_gap = position > last;
        if (batch.has_gap) subscriber.position = last;
        co_return batch;
    }
    const bool is_remembered = !tail.recent.empty() && tail.recent.front()->seq <= position + 1;
    if (is_remembered || position == tail.last) {
        for (const auto& change : tail.recent)
            if (change->seq > position) batch.changes.push_back(change);
        if (!batch.changes.empty()) subscriber.position = batch.changes.back()->seq;
        co_return batch;
    }
    auto found = co_await read_after(subscriber.org_id(), position);
    batch.changes = std::move(found.changes);
    if (batch.changes.empty()) co_return batch;
    batch.has_gap = batch.changes.front()->seq != position + 1;
    subscriber.position = batch.changes.back()->seq;
    co_return batch;
}

void ChangeHub::remember(Tail& tail, std::vector<ChangePtr> changes) {
    for (auto& change : changes) {
        if (change->seq <= tail.last) continue;
        if (change->seq != tail.last + 1) tail.recent.clear();  // the rest was deleted meanwhile
        tail.last = change->seq;
        for (auto* subscriber : tail.subscribers)
            if (is_about_rights(change->resource, subscriber->user_id().str())) subscriber->is_doubtful_ = true;
        tail.recent.push_back(std::move(change));
        if (tail.recent.size() > config_.remembered) tail.recent.pop_front();
    }
}

// Reads what is new in one organisation's log and wakes those who watch it.
awaitable<void> ChangeHub::follow(access::OrgId org_id) {
    for (bool has_more = true; has_more;) {
        const auto known = tails_.find(org_id);
        if (known == tails_.end()) co_return;
        auto found = co_await read_after(org_id, known->second.last);
        const auto tail = tails_.find(org_id);  // the last subscriber may have left
        if (tail == tails_.end() || found.changes.empty()) co_return;
        has_more = found.has_more;
        remember(tail->second, std::move(found.changes));
        for (auto* subscriber : tail->second.subscribers) subscriber->wake();
    }
}

awaitable<void> ChangeHub::follow_all() {
    std::vector<access::OrgId> watched;
    for (const auto& [org_id, tail] : tails_) watched.push_back(org_id);
    for (const auto& org_id : watched) co_await follow(org_id);
}

void ChangeHub::tell_presence(const access::OrgId& org_id, const std::string& resource) {
    const auto tail = tails_.find(org_id);
    if (tail == tails_.end()) return;
    for (auto* subscriber : tail->second.subscribers) {
        subscriber->presence_.insert(resource);
        subscriber->wake();
    }
}

bool ChangeHub::note_presence(const Sighting& sighting) {
    const auto noted = presence_.note(sighting, steady_clock::now());
    if (noted == PresenceTable::Noted::changed) tell_presence(sighting.org_id, sighting.resource);
    return noted != PresenceTable::Noted::full;
}

std::vector<PresenceTable::Person> ChangeHub::present_at(const access::OrgId& org_id, std::string_view resource) const {
    return presence_.at(org_id, resource, steady_clock::now());
}

void ChangeHub::expire_presence() {
    for (const auto& place : presence_.expire(steady_clock::now())) tell_presence(place.org_id, place.resource);
}

awaitable<void> ChangeHub::run(db::Listener& listener) {
    auto next_poll = steady_clock::now() + config_.poll;
    for (;;) {
        const auto wait = std::chrono::duration_cast<std::chrono::milliseconds>(next_poll - steady_clock::now());
        const auto heard = co_await listener.next(std::max(wait, std::chrono::milliseconds(0)));
        const bool is_notified = heard && heard->kind == db::ListenerEvent::Kind::notified;
        expire_presence();
        if (is_notified && heard->channel == presence_channel) {
            if (const auto sighting = parse_sighting(heard->payload)) note_presence(*sighting);
            continue;
        }
        try {
            if (is_notified) {
                co_await follow(access::OrgId(heard->payload));
            } else {
                co_await follow_all();
            }
            failing_ = false;
        } catch (const db::PgError& error) {
            if (!std::exchange(failing_, true)) deps_.log.warn("live_changes_failed", {{"error", error.what()}});
        }
        if (!is_notified) next_poll = steady_clock::now() + config_.poll;
    }
}

void ChangeHub::end_all() {
    for (auto* subscriber : subscribers_) subscriber->end();
}

}  // namespace fanion::cp::live
