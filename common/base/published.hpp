#pragma once

// One writer side publishes immutable values; many threads read the newest without a lock on their
// fast path.
//
// Each reading thread owns a Reader. Reader::get() costs one acquire load while nothing changed;
// after a change it takes the mutex once to copy the pointer. The old value is freed by whoever
// drops the last reference; publish() hands the displaced value back so that the caller frees it
// off the hot path.

#include <atomic>
#include <cstdint>
#include <memory>
#include <mutex>
#include <utility>

namespace fanion {

template <class T>
class Published {
public:
    using Pointer = std::shared_ptr<const T>;

    Published() = default;
    explicit Published(Pointer value) : value_(std::move(value)), generation_(1) {}

    Pointer publish(Pointer value) {
        std::lock_guard lock(mutex_);
        value_.swap(value);
        generation_.fetch_add(1, std::memory_order_release);
        return value;
    }

    Pointer load() const {
        std::lock_guard lock(mutex_);
        return value_;
    }

    // One thread. Must not outlive the Published it reads.
    class Reader {
    public:
        explicit Reader(const Published& source) : source_(&source) {}

        // Null until something was published. Valid until the next get() on this reader.
        const T* get() {
            const auto generation = source_->generation_.load(std::memory_order_acquire);
            if (generation != seen_) refresh(generation);
            return value_.get();
        }
        const Pointer& pointer() {
            get();
            return value_;
        }

    private:
        void refresh(std::uint64_t generation) {
            value_ = source_->load();
            seen_ = generation;
        }

        const Published* source_;
        std::uint64_t seen_ = 0;
        Pointer value_;
    };

private:
    mutable std::mutex mutex_;
    Pointer value_;
    std::atomic<std::uint64_t> generation_{0};
};

}  // namespace fanion
