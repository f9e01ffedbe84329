#pragma once

// How many streams and polls are open, by what their requests say they are made by: language and
// version of an SDK ("python/1.0"). The names come from requests: they are bounded in form and
// number, and the others are counted together. Thread-safe.

#include <cstddef>
#include <map>
#include <mutex>
#include <string>
#include <string_view>

#include "common/telemetry/metrics.hpp"

namespace fanion::relay::rulesets {

class SdkStreams {
public:
    static constexpr std::size_t most_names = 50;

    // The label for what a request says: itself if it is of the form "language/version", each of 1
    // to 20 characters of [A-Za-z0-9._+-]; otherwise "(other)", or "(none)" if it says nothing.
    static std::string label_of(std::string_view sdk);

    // Counts one for as long as the object lives.
    class Slot {
    public:
        Slot(SdkStreams& streams, std::string_view sdk);
        ~Slot();
        Slot(const Slot&) = delete;

    private:
        SdkStreams& streams_;
        std::size_t* count_;
    };

    telemetry::Registry::Samples samples() const;

private:
    mutable std::mutex mutex_;
    std::map<std::string, std::size_t, std::less<>> counts_;  // names stay: addresses are stable
};

}  // namespace fanion::relay::rulesets
