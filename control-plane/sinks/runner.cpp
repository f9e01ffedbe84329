#include "control-plane/sinks/runner.hpp"

#include <set>
#include <utility>

#include "common/base/ids.hpp"
#include "common/json/limits.hpp"
#include "common/net/task_group.hpp"
#include "common/wire/event_batch.hpp"

namespace fanion::cp::sinks {

using boost::asio::awaitable;
using std::chrono::milliseconds;
using std::chrono::steady_clock;

namespace {

struct ReadBatch {
    access::OrgId org_id;
    UnixMillis received_at = 0;
    wire::EventBatch batch;
};
struct ReadBatches {
    std::vector<ReadBatch> batches;
    std::vector<access::EnvironmentId> env_ids;
    std::vector<std::string> unreadable;  // their ids
};

Result<wire::EventBatch> parse_waiting(const WaitingBatch& waiting) {
    const auto encoding = parse_encoding(waiting.encoding);
    if (!encoding) return Error{Errc::internal, "unknown encoding"};
    const auto text = decompress(*encoding, waiting.body, limits::request_body_bytes);
    if (!text) return text.error();
    return wire::parse_event_batch(*text);
}

ReadBatches parse_all(const std::vector<WaitingBatch>& waiting) {
    ReadBatches out;
    std::set<access::EnvironmentId> env_ids;
    for (const auto& each : waiting) {
        auto batch = parse_waiting(each);
        if (!batch) {
            out.unreadable.push_back(each.batch_id);
            continue;
        }
        for (auto& env_id : environments_of(*batch)) env_ids.insert(std::move(env_id));
        out.batches.push_back({each.org_id, each.received_at, std::move(*batch)});
    }
    out.env_ids.assign(env_ids.begin(), env_ids.end());
    return out;
}

struct Handed {
    Result<std::uint64_t> refused = std::uint64_t{0};
    std::size_t lines = 0;
};

Handed hand_over(EventSink& sink, const std::vector<ReadBatch>& batches, const Places& places) {
    Handed handed;
    std::vector<SinkBatch> made;
    for (const auto& each : batches) {
        made.push_back(lines_of(each.batch, each.org_id, each.received_at, places));
        handed.lines += made.back().lines;
    }
    handed.refused = sink.write(made);
    return handed;
}

}  // namespace

Runner::Runner(RunnerDeps deps, EventSink& sink, RunnerConfig config)
    : pool_(deps.pool),
      log_(deps.log),
      sink_(sink),
      config_(config),
      metrics_(deps.registry, sink.name()),
      holder_(random_id("", 16)),
      backoff_(config.backoff),
      random_(std::random_device{}()) {}

Runner::~Runner() {
    sink_.stop();
    thread_.join();
}

awaitable<void> Runner::run() {
    for (;;) {
        auto pause = config_.poll;
        try {
            const auto delivered = co_await deliver();
            if (!delivered) {
                note_failure(delivered.error().detail);
                pause = backoff_.next(std::uniform_real_distribution<double>(0, 1)(random_));
            } else {
                if (is_failing_) log_.info("sink_recovered", {{"sink", sink_.name()}});
                is_failing_ = false;
                backoff_.reset();
                if (*delivered > 0) pause = milliseconds(0);
                if (!is_holder_) pause = config_.lease_poll;
            }
        } catch (const db::PgError& error) {
            note_failure(error.what());
        }
        co_await net::sleep_for(pause);
    }
}

awaitable<void> Runner::run_bounds() {
    while ([[maybe_unused]] const bool slept = co_await net::sleep_for(config_.bounds_interval)) {
        if (!is_writing_) continue;  // deliver() does it
        try {
            co_await keep_bounds();
        } catch (const db::PgError& error) {
            note_failure(error.what());
        }
    }
}

awaitable<Result<std::size_t>> Runner::deliver() {
    const bool is_mine = co_await hold_lease();
    if (!is_mine) co_return std::size_t{0};
    co_await keep_bounds();
    auto waiting = co_await next_batches(pool_, sink_.name(), config_.batches_at_once, config_.bytes_at_once);
    if (waiting.empty()) co_return std::size_t{0};
    std::vector<std::int64_t> positions;
    for (const auto& each : waiting) positions.push_back(each.position);
    const auto written = co_await write(std::move(waiting));
    if (!written) co_return written.error();
    const auto count = positions.size();
    co_await delete_batches(pool_, sink_.name(), std::move(positions));
    co_return count;
}

// Renewed early enough that what follows ends before the lease does.
awaitable<bool> Runner::hold_lease() {
    const auto now = steady_clock::now();
    if (is_holder_ && now - renewed_at_ < config_.lease / 3) co_return true;
    const bool is_mine = co_await lease_sink(pool_, sink_.name(), holder_, config_.lease);
    if (is_mine != is_holder_) {
        is_holder_ = is_mine;
        metrics_.is_holder.set(is_mine ? 1 : 0);
        if (!is_mine) {
            for (auto* gauge : {&metrics_.waiting, &metrics_.waiting_bytes, &metrics_.oldest_seconds}) gauge->set(0);
        }
        log_.info(is_mine ? "sink_taken" : "sink_lost", {{"sink", sink_.name()}});
    }
    renewed_at_ = now;
    co_return is_mine;
}

awaitable<void> Runner::keep_bounds() {
    const auto now = steady_clock::now();
    if (now < bounds_at_) co_return;
    bounds_at_ = now + config_.bounds_interval;
    auto backlog = co_await read_backlog(pool_, sink_.name());
    if (backlog.bytes > config_.most_waiting_bytes || backlog.oldest_seconds > days_kept * 86'400.0) {
        const auto given_up = co_await trim_outbox(pool_, sink_.name(), config_.most_waiting_bytes);
        metrics_.given_up.add(given_up);
        log_.error("sink_batches_given_up", {{"sink", sink_.name()}, {"batches", given_up}});
        backlog = co_await read_backlog(pool_, sink_.name());
    }
    metrics_.waiting.set(static_cast<double>(backlog.batches));
    metrics_.waiting_bytes.set(static_cast<double>(backlog.bytes));
    metrics_.oldest_seconds.set(backlog.oldest_seconds);
}

awaitable<Result<>> Runner::write(std::vector<WaitingBatch> waiting) {
    const std::function<ReadBatches()> read_all = [&waiting] { return parse_all(waiting); };
    const auto read = co_await thread_.compute(read_all);
    const auto places = co_await find_places(pool_, read.env_ids);
    const std::function<Handed()> hand = [this, &read, &places] { return hand_over(sink_, read.batches, places); };
    is_writing_ = true;
    const auto handed = co_await thread_.compute(hand);
    is_writing_ = false;
    if (!handed.refused) co_return handed.refused.error();
    for (const auto& batch_id : read.unreadable) {
        metrics_.unreadable.add();
        log_.error("sink_batch_unreadable", {{"sink", sink_.name()}, {"batch", batch_id}});
    }
    metrics_.delivered.add(read.batches.size());
    metrics_.lines.add(handed.lines - *handed.refused);
    metrics_.refused_lines.add(*handed.refused);
    co_return boost::system::in_place_value;
}

void Runner::note_failure(const std::string& detail) {
    metrics_.failures.add();
    if (!is_failing_) log_.warn("sink_failed", {{"sink", sink_.name()}, {"detail", detail}, {"action", "retrying"}});
    is_failing_ = true;
}

}  // namespace fanion::cp::sinks
