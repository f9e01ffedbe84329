#include "control-plane/events/batch_writer.hpp"

#include <algorithm>
#include <boost/asio/as_tuple.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <deque>
#include <exception>
#include <optional>
#include <string_view>

#include "control-plane/events/answer_store.hpp"
#include "control-plane/events/batch_store.hpp"
#include "control-plane/events/count_store.hpp"
#include "control-plane/events/unit_store.hpp"
#include "control-plane/quotas/event_quota.hpp"
#include "control-plane/sinks/outbox_store.hpp"

namespace fanion::cp::events {

namespace asio = boost::asio;
using asio::awaitable;

namespace {

// What relays post at the same time comes within this time. They do not wait for it: each reports every few seconds. When
// as many have come as the last time, no more are waited for.
constexpr std::chrono::milliseconds gathering_time{4};

Error try_again(std::string why) { return {Errc::unavailable, std::move(why) + "; send the batch again", {}}; }

std::vector<const sinks::SentBatch*> sent_batches(const std::vector<const Arrival*>& arrivals) {
    std::vector<const sinks::SentBatch*> sent;
    for (const auto* arrival : arrivals) {
        if (arrival->sent) sent.push_back(&*arrival->sent);
    }
    return sent;
}

}  // namespace

struct BatchWriter::Waiter {
    Waiter(const asio::any_io_executor& executor, Arrival a)
        : arrival(std::move(a)), answered(executor, asio::steady_timer::time_point::max()) {}

    void answer(Result<Receipt> result) {
        if (known) return;
        known = std::move(result);
        answered.cancel();
    }
    void fail(std::exception_ptr thrown) {
        failure = std::move(thrown);
        answer(Error{});
    }

    Arrival arrival;
    std::optional<Result<Receipt>> known;
    std::exception_ptr failure;
    asio::steady_timer answered;
};

// Batches that are written together. Those that have no answer at the end are to be sent again.
class BatchWriter::Group {
public:
    Group(BatchWriter& writer, std::vector<std::shared_ptr<Waiter>> waiters)
        : writer_(writer), waiters_(std::move(waiters)) {}
    Group(const Group&) = delete;
    ~Group() {
        for (const auto& waiter : waiters_) {
            writer_.waiting_bytes_ -= waiter->arrival.bytes;
            waiter->answer(try_again("the batch could not be stored"));
        }
    }
    const std::vector<std::shared_ptr<Waiter>>& waiters() const noexcept { return waiters_; }

private:
    BatchWriter& writer_;
    std::vector<std::shared_ptr<Waiter>> waiters_;
};

// An organisation's turn to write, from its first batch on, until none has come for a while. What waits at its end, also if
// its task never begins, is to be sent again.
class BatchWriter::Turn {
public:
    Turn(BatchWriter& writer, const asio::any_io_executor& executor, access::OrgId org_id)
        : writer_(writer), org_id_(std::move(org_id)), gathered_(executor) {}
    Turn(const Turn&) = delete;
    ~Turn() {
        writer_.turns_.erase(org_id_);
        const Group unwritten(writer_, {queue_.begin(), queue_.end()});
    }
    const access::OrgId& org_id() const noexcept { return org_id_; }

    void add(std::shared_ptr<Waiter> waiter) {
        queue_.push_back(std::move(waiter));
        if (queue_.size() == expected_) gathered_.cancel();
    }
    // What is to be written together; empty when none has come.
    awaitable<std::vector<std::shared_ptr<Waiter>>> gather() {
        gathered_.expires_after(gathering_time);
        if (expected_ == 0 || queue_.size() < expected_)
            co_await gathered_.async_wait(asio::as_tuple(asio::use_awaitable));
        auto taken = take();
        expected_ = taken.size();
        co_return taken;
    }

private:
    std::vector<std::shared_ptr<Waiter>> take() {
        std::vector<std::shared_ptr<Waiter>> taken;
        for (std::size_t rows = 0; !queue_.empty() && rows < rows_at_once; queue_.pop_front()) {
            const auto& arrival = queue_.front()->arrival;
            rows += 1 + arrival.part.size() + arrival.rows.size() + arrival.units.size();  // with the batch's own
            taken.push_back(std::move(queue_.front()));
        }
        return taken;
    }

    BatchWriter& writer_;
    access::OrgId org_id_;
    std::deque<std::shared_ptr<Waiter>> queue_;
    std::size_t expected_ = 0;  // as many as the last time; 0: there was none
    asio::steady_timer gathered_;
};

enum class BatchWriter::Outcome {
    answered,
    not_together,  // some of the batches may be stored alone
    unavailable,
};

struct BatchWriter::Written {
    std::unordered_set<const Waiter*> stored;
    std::unordered_set<std::string_view> divided;  // ids; the others are known already
    std::vector<AnswerNote> answers;
    std::vector<CallerNote> callers;
    std::optional<quotas::EventDay> day;
    std::uint64_t events = 0;
    LeftOut left_out;
    UnixMillis at = 0;
};

awaitable<Result<Receipt>> BatchWriter::store(access::OrgId org_id, Arrival arrival) {
    if (waiting_bytes_ + arrival.bytes > most_waiting_bytes) co_return try_again("too many batches are waiting");
    const auto executor = co_await asio::this_coro::executor;
    const auto waiter = std::make_shared<Waiter>(executor, std::move(arrival));
    waiting_bytes_ += waiter->arrival.bytes;
    if (const auto turn = turns_.find(org_id); turn != turns_.end()) {
        turn->second->add(waiter);
    } else {
        auto begun = std::make_unique<Turn>(*this, executor, org_id);
        turns_.emplace(org_id, begun.get());
        begun->add(waiter);
        deps_.tasks.spawn("event_writer", run(std::move(begun)));  // dropped after a stop
    }
    constexpr auto token = asio::as_tuple(asio::use_awaitable);
    while (!waiter->known) co_await waiter->answered.async_wait(token);
    if (waiter->failure) std::rethrow_exception(waiter->failure);
    co_return *waiter->known;
}

// Ends when no batch waits, or is cancelled at the end of the program.
awaitable<void> BatchWriter::run(std::unique_ptr<Turn> turn) {
    for (auto taken = co_await turn->gather(); !taken.empty(); taken = co_await turn->gather()) {
        const Group group(*this, std::move(taken));
        co_await write(turn->org_id(), group);
    }
}

awaitable<void> BatchWriter::write(const access::OrgId& org_id, const Group& group) {
    auto outcome = co_await try_to_write(org_id, group);
    if (outcome != Outcome::not_together) co_return;
    for (const auto& waiter : group.waiters()) {
        waiting_bytes_ += waiter->arrival.bytes;  // as the group of one gives it back
        const Group alone(*this, {waiter});
        outcome = co_await try_to_write(org_id, alone);
        if (outcome == Outcome::unavailable) co_return;  // the others would wait for it too, one after the other
    }
}

awaitable<BatchWriter::Outcome> BatchWriter::try_to_write(const access::OrgId& org_id, const Group& group) {
    std::exception_ptr thrown;
    try {
        const auto written = co_await write_once(org_id, group);
        finish(org_id, group, written);
        co_return Outcome::answered;
    } catch (const db::PgError& error) {
        if (error.is_unavailable()) co_return Outcome::unavailable;
        thrown = std::current_exception();
    } catch (...) {
        if (deps_.tasks.stop_requested()) throw;  // cancelled
        thrown = std::current_exception();
    }
    if (group.waiters().size() > 1) co_return Outcome::not_together;
    group.waiters().front()->fail(std::move(thrown));
    co_return Outcome::answered;
}

awaitable<BatchWriter::Written> BatchWriter::write_once(const access::OrgId& org_id, const Group& group) {
    std::unordered_map<std::string_view, const Waiter*> first_of;  // an id may come twice
    std::vector<BatchKey> keys;
    for (const auto& waiter : group.waiters()) {
        const auto& arrival = waiter->arrival;
        if (first_of.try_emplace(arrival.batch_id, waiter.get()).second)
            keys.push_back({arrival.batch_id, arrival.relay, arrival.part});
    }
    auto tx = co_await deps_.pool.begin(db::Scope::tenant(org_id.str()));
    const auto taken = co_await insert_batches(tx, org_id, std::move(keys));
    Written written;
    std::vector<const Arrival*> arrivals;
    for (const auto& id : taken.divided) written.divided.insert(first_of.find(id)->first);
    for (const auto& id : taken.stored) {
        const auto* waiter = first_of.at(id);
        written.stored.insert(waiter);
        arrivals.push_back(&waiter->arrival);
    }
    std::vector<const Arrival*> repeated;
    for (const auto& waiter : group.waiters()) {
        const bool is_divided = written.divided.contains(waiter->arrival.batch_id);
        if (!is_divided && !written.stored.contains(waiter.get())) repeated.push_back(&waiter->arrival);
    }
    add_deliveries(tx, org_id, deliveries_of(arrivals, repeated));
    if (!arrivals.empty()) {
        const auto add_up = [arrivals] { return effects_of(arrivals); };
        auto effects = co_await deps_.blocking.compute(add_up);
        add_counts(tx, org_id, effects.counts);
        written.answers = co_await note_answers(tx, org_id, noted_.unknown(effects.answers));
        written.callers = co_await note_callers(tx, org_id, noted_.unknown(effects.callers));
        co_await sinks::add_to_outbox(tx, deps_.sinks, org_id, sent_batches(arrivals));
        add_drops(tx, org_id, effects.drops);
        written.at = deps_.clock.now();
        written.left_out = co_await add_unit_rows(tx, org_id, std::move(effects.units), written.at);
        written.events = effects.events;
        written.day = co_await quotas::add_events(tx, deps_.limits.quotas(), org_id, effects.events, written.at);
    }
    co_await tx.commit();
    co_return written;
}

// After the commit.
void BatchWriter::finish(const access::OrgId& org_id, const Group& group, const Written& written) {
    noted_.add(written.answers);
    noted_.add(written.callers);
    deps_.metrics.old_exposures.add(written.left_out.old_exposures);
    deps_.metrics.old_metrics.add(written.left_out.old_metrics);
    deps_.metrics.unnamed_exposures.add(written.left_out.unnamed_exposures);
    deps_.metrics.unnamed_metrics.add(written.left_out.unnamed_metrics);
    for (const auto& waiter : group.waiters()) {
        const bool is_divided = written.divided.contains(waiter->arrival.batch_id);
        const auto otherwise = is_divided ? Receipt::divided : Receipt::duplicate;
        waiter->answer(written.stored.contains(waiter.get()) ? Receipt::stored : otherwise);
    }
    if (!written.day || !written.day->is_exceeded()) return;
    // What goes beyond the quota for the first time counts with the part of it that does.
    deps_.limits.metrics().events_beyond.add(std::min(written.events, written.day->events - *written.day->limit));
    if (written.day->is_noted || being_told_.count(org_id) > 0) return;
    deps_.tasks.spawn("event_quota", tell_exceeded(org_id, *written.day, written.at));
}

awaitable<void> BatchWriter::tell_exceeded(access::OrgId org_id, quotas::EventDay day, UnixMillis at) {
    struct BeingTold {
        std::unordered_set<access::OrgId>& all;
        const access::OrgId& org_id;
        ~BeingTold() { all.erase(org_id); }
    };
    being_told_.insert(org_id);
    const BeingTold being_told{being_told_, org_id};
    co_await quotas::tell_exceeded(deps_.edits, deps_.log, org_id, day, at);
}

}  // namespace fanion::cp::events
