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

void Intake::note(UnixMillis now) {
    if (pending_.from == 0) pending_.from = now;
    pending_.to = now;
}

bool Intake::has_room(std::size_t bytes) const noexcept {
    return pending_.bytes() + bytes <= most_bytes && pending_.done.size() < most_waiting;
}

Intake::Put Intake::put(std::string_view env_id, const wire::SdkEvents& events, UnixMillis now, Notify done) {
    std::string id;
    if (!events.batch.empty()) id.append(env_id).append(1, '\0').append(events.batch);
    bool was_idle = false;
    bool is_full = false;
    Put put = Put::taken;
    {
        const std::lock_guard lock(mutex_);
        if (!has_room(events.exposures.size() + events.metrics.size())) return Put::full;
        const auto before = pending_.bytes();
        was_idle = pending_.done.empty() && before == 0;
        if (!id.empty() && ids_.contains(id, now)) {
            put = Put::duplicate;
        } else {
            if (!id.empty()) ids_.add(std::move(id), now);
            append_elements(pending_.exposures, events.exposures);
            append_elements(pending_.metrics, events.metrics);
            pending_.exposure_count += events.exposure_count;
            pending_.metric_count += events.metric_count;
            note(now);
        }
        pending_.done.push_back(std::move(done));
        is_full = before < batch_bytes && pending_.bytes() >= batch_bytes;
    }
    if ((was_idle || is_full) && wake_) wake_();
    return put;
}

bool Intake::put_exposure(std::string_view element, UnixMillis now) {
    bool was_idle = false;
    {
        const std::lock_guard lock(mutex_);
        if (!has_room(element.size())) return false;
        was_idle = pending_.done.empty() && pending_.bytes() == 0;
        append_elements(pending_.exposures, element);
        ++pending_.exposure_count;
        note(now);
    }
    if (was_idle && wake_) wake_();
    return true;
}

Intake::Taken Intake::take() {
    const std::lock_guard lock(mutex_);
    return std::exchange(pending_, {});
}

bool Intake::has_work() const {
    const std::lock_guard lock(mutex_);
    return !pending_.done.empty() || !pending_.empty();
}

bool Intake::has_batch() const {
    const std::lock_guard lock(mutex_);
    return pending_.bytes() >= batch_bytes;
}

}  // namespace fanion::relay::intake
