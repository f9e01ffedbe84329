#pragma once

// Flags that people have looked at and want to hear of later: the report on flags that are done
// with leaves them out until then. Plain values, pure functions.

#include <string>
#include <vector>

#include "common/base/clock.hpp"
#include "common/base/error.hpp"
#include "common/json/document.hpp"
#include "common/json/writer.hpp"
#include "control-plane/lifecycle/verdict.hpp"

namespace fanion::cp::lifecycle {

inline constexpr int most_snoozed_days = 365;

struct Snooze {
    UnixMillis until = 0;
    std::vector<Reason> reasons;  // what was found of the flag as a whole; empty: nothing yet
    std::string comment;
    std::string actor_kind;
    std::string actor_id;
    UnixMillis created_at = 0;
    std::string actor_email;  // as it is now; empty where it is not read, and of service accounts
};

// {"until":"..","comment":".."}: until when. Errors: invalid_input.
Result<UnixMillis> read_snooze(json::Value body, UnixMillis now);

std::vector<Reason> reasons_of(const Verdict& verdict);

// Whether the report leaves the flag out. A reason that there was not when it was snoozed ends it,
// unless there was none at all.
bool is_quiet(const Snooze& snooze, const Verdict& verdict, UnixMillis now);

// Of a flag with this key, if there is one and it is quiet. `snoozes`: in the order of keys' bytes.
struct SnoozedFlag {
    std::string flag;  // key
    Snooze snooze;
};
const Snooze* snooze_in_force(const std::vector<SnoozedFlag>& snoozes, const std::string& flag, const Verdict& verdict,
                              UnixMillis now);

void write_snooze(json::Writer& w, const Snooze& snooze);

}  // namespace fanion::cp::lifecycle
