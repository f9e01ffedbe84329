#include "relay/intake/intake.hpp"

#include <utility>

namespace fanion::relay::intake {
namespace {

void append_elements(std::string& list, std::string_view elements) {
    if (elements.empty()) return;
    if (!list.empty()) list += ',';
    list += elements;
}

}  // namespace

bool Intake::has_room(std::size_t bytes) const noexcept {
    return bytes_ + bytes <= most_bytes && waiting_ < most_waiting;
}

// The newest batch, or a new one where there is no room for so much in it.
Intake::Taken& Intake::batch_for(std::size_t bytes, UnixMillis now) {
    const bool is_new = pending_.empty() ||
                        (bytes > 0 && !pending_.back().empty() && pending_.back().bytes() + bytes > most_batch_bytes);
    if (is_new) pending_.emplace_back();
    auto& batch = pending_.back();
    if (batch.from == 0) batch.from = now;
    batch.to = now;
    return batch;
}

Intake::Put Intake::put(std::string_view env_id, const wire::SdkEvents& events, UnixMillis now, Notify done) {
    std::string id;
    if (!events.batch.empty()) id.append(env_id).append(1, '\0').append(events.batch);
    const auto bytes = events.exposures.size() + events.metrics.size();
    bool was_idle = false;
    bool is_full = false;
    Put put = Put::taken;
    {
        const std::lock_guard lock(mutex_);
        if (!has_room(bytes)) return Put::full;
        const auto before = bytes_;
        was_idle = pending_.empty();
        if (!id.empty() && ids_.contains(id, now)) {
            put = Put::duplicate;
            batch_for(0, now).done.push_back(std::move(done));
        } else {
            auto& batch = batch_for(bytes, now);
            const auto batch_before = batch.bytes();
            append_elements(batch.exposures, events.exposures);
            append_elements(batch.metrics, events.metrics);
            batch.exposure_count += events.exposure_count;
            batch.metric_count += events.metric_count;
            batch.done.push_back(std::move(done));
            if (!id.empty()) ids_.add(std::move(id), now);
            bytes_ += batch.bytes() - batch_before;
        }
        ++waiting_;
        is_full = before < batch_bytes && bytes_ >= batch_bytes;
    }
    if ((was_idle || is_full) && wake_) wake_();
    return put;
}

bool Intake::put_exposure(std::string_view element, UnixMillis now) {
    bool was_idle = false;
    {
        const std::lock_guard lock(mutex_);
        if (!has_room(element.size())) return false;
        was_idle = pending_.empty();
        auto& batch = batch_for(element.size(), now);
        const auto batch_before = batch.bytes();
        append_elements(batch.exposures, element);
        ++batch.exposure_count;
        bytes_ += batch.bytes() - batch_before;
    }
    if (was_idle && wake_) wake_();
    return true;
}

Intake::Taken Intake::take() {
    const std::lock_guard lock(mutex_);
    if (pending_.empty()) return {};
    auto taken = std::move(pending_.front());
    pending_.pop_front();
    bytes_ -= taken.bytes();
    waiting_ -= taken.done.size();
    return taken;
}

bool Intake::has_work() const {
    const std::lock_guard lock(mutex_);
    return !pending_.empty();
}

bool Intake::has_batch() const {
    const std::lock_guard lock(mutex_);
    return bytes_ >= batch_bytes;
}

}  // namespace fanion::relay::intake
