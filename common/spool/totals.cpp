#include "common/spool/totals.hpp"

namespace fanion::spool {

Content& Content::operator+=(const Content& other) noexcept {
    counts += other.counts;
    exposures += other.exposures;
    metrics += other.metrics;
    return *this;
}

Content& Content::operator-=(const Content& other) noexcept {
    counts -= other.counts;
    exposures -= other.exposures;
    metrics -= other.metrics;
    return *this;
}

std::string_view name_of(DropReason reason) noexcept {
    switch (reason) {
        case DropReason::spool_full:
            return "spool_full";
        case DropReason::rejected:
            return "rejected";
        case DropReason::damaged:
            break;
    }
    return "damaged";
}

Content Dropped::sum() const noexcept {
    Content sum;
    for (const auto& content : by_reason) sum += content;
    return sum;
}

}  // namespace fanion::spool
