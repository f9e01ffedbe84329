#pragma once

// Bounds how many connections wait for one lock. After a statement has waited for a lock in vain,
// only one of its kind (the statement, in one organisation) runs at a time, until one comes through
// or none was tried for a while; the others are refused at once, and their connections serve what
// needs other rows. Pure; one thread.

#include <chrono>
#include <map>
#include <string>
#include <string_view>

namespace fanion::cp::db {

class LockWaits {
public:
    using Time = std::chrono::steady_clock::time_point;
    static constexpr std::chrono::seconds memory{5};

    // False: refuse the statement. True: run it and call ended(), or not and call withdraw().
    bool admit(std::string_view statement, const std::string& org_id, Time now);
    // `was_in_vain`: it failed because it waited for a lock too long.
    void ended(std::string_view statement, const std::string& org_id, bool was_in_vain, Time now);
    // Nothing is known of the lock; another one may be tried.
    void withdraw(std::string_view statement, const std::string& org_id);

private:
    struct Blocked {
        Time until;
        bool is_tried = false;  // one runs
    };
    std::map<std::string, Blocked, std::less<>> blocked_;
};

}  // namespace fanion::cp::db
