#include "relay/upstream/reconnect.hpp"

namespace fanion::relay::upstream {
namespace {

std::chrono::milliseconds scaled(std::chrono::milliseconds whole, double factor) {
    return std::chrono::milliseconds(static_cast<std::int64_t>(static_cast<double>(whole.count()) * factor));
}

}  // namespace

void Reconnect::on_data() {
    data_seen_ = true;
    silent_ = 0;
    polls_ = 0;
}

void Reconnect::on_accepted() { backoff_.reset(); }

void Reconnect::on_closed(std::optional<std::chrono::milliseconds> retry) {
    if (!data_seen_) return on_failed(true);
    data_seen_ = false;
    retry_ = retry;
}

void Reconnect::on_polled(bool reached) {
    if (!reached) silent_ = 0;
}

void Reconnect::on_failed(bool opened) {
    if (opened && !data_seen_ && silent_ < silent_streams) ++silent_;
    data_seen_ = false;
    upstream_ = (upstream_ + 1) % parameters_.upstreams;
}

void Reconnect::on_refused() {
    backoff_.slow_down();
    data_seen_ = false;
    upstream_ = (upstream_ + 1) % parameters_.upstreams;
}

void Reconnect::on_credential_changed() {
    backoff_.reset();
    silent_ = 0;
}

Reconnect::Step Reconnect::next(double random) {
    if (retry_) {
        const Step step{scaled(*retry_, random), false};
        retry_.reset();
        return step;
    }
    if (is_polling() && !is_slow() && polls_ < parameters_.polls_per_attempt) {
        ++polls_;
        return {scaled(parameters_.poll_interval, 0.75 + random / 2), true};
    }
    polls_ = 0;
    return {backoff_.next(random), false};
}

}  // namespace fanion::relay::upstream
