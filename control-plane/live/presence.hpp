#pragma once

// Who looks at, or edits, which resource of an organisation: what each replica remembers of what
// people's user interfaces say, for a short time and nowhere else. Pure.

#include <chrono>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "control-plane/access/ids.hpp"

namespace fanion::cp::live {

inline constexpr std::chrono::seconds presence_kept{30};
inline constexpr std::size_t most_places_of_a_person = 20;  // in an organisation, at one time
inline constexpr std::size_t most_people_present = 2'000;   // in an organisation, each once per resource

struct Sighting {
    access::OrgId org_id;
    access::UserId user_id;
    std::string resource;  // a path below the organisation's
    bool is_editing = false;
    friend bool operator==(const Sighting&, const Sighting&) = default;
};

// As replicas tell each other of it.
std::string to_text(const Sighting& sighting);
// nullopt: of another version of this program.
std::optional<Sighting> parse_sighting(std::string_view text);

class PresenceTable {
public:
    using Time = std::chrono::steady_clock::time_point;

    enum class Noted {
        same,     // it was known
        changed,  // what is shown of the resource is another than before
        full,     // there is no room: nothing was noted
    };
    // The last one of a person and resource counts.
    Noted note(const Sighting& sighting, Time now);

    struct Person {
        access::UserId user_id;
        bool is_editing = false;
        friend bool operator==(const Person&, const Person&) = default;
    };
    // In the order of their ids.
    std::vector<Person> at(const access::OrgId& org_id, std::string_view resource, Time now) const;

    struct Place {
        access::OrgId org_id;
        std::string resource;
        friend bool operator==(const Place&, const Place&) = default;
    };
    // Forgets what is older than presence_kept; the resources that somebody has left.
    std::vector<Place> expire(Time now);

private:
    struct Entry {
        bool is_editing = false;
        Time until;
    };
    using Key = std::pair<std::string, access::UserId>;  // resource, person
    std::map<access::OrgId, std::map<Key, Entry>> orgs_;
};

}  // namespace fanion::cp::live
