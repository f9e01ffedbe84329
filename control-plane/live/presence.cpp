#include "control-plane/live/presence.hpp"

#include "common/json/document.hpp"
#include "common/json/reader.hpp"
#include "common/json/writer.hpp"

namespace fanion::cp::live {

std::string to_text(const Sighting& sighting) {
    std::string text;
    json::Writer w(text);
    w.begin_object().member("org", sighting.org_id.str()).member("user", sighting.user_id.str());
    w.member("resource", sighting.resource).member("editing", sighting.is_editing).end_object();
    return text;
}

std::optional<Sighting> parse_sighting(std::string_view text) {
    json::Document document;
    if (!document.parse(text)) return std::nullopt;
    std::vector<Finding> findings;
    json::Reader r(document.root(), findings);
    Sighting sighting{access::OrgId(r.string("org")), access::UserId(r.string("user")), r.string("resource"),
                      r.boolean("editing")};
    if (!findings.empty()) return std::nullopt;
    return sighting;
}

PresenceTable::Noted PresenceTable::note(const Sighting& sighting, Time now) {
    auto& people = orgs_[sighting.org_id];
    const auto found = people.find({sighting.resource, sighting.user_id});
    const bool is_known = found != people.end() && found->second.until > now;
    if (!is_known) {
        std::size_t present = 0;
        std::size_t own = 0;
        for (const auto& [key, entry] : people) {
            if (entry.until <= now) continue;
            ++present;
            if (key.second == sighting.user_id) ++own;
        }
        if (own >= most_places_of_a_person || present >= most_people_present) return Noted::full;
    }
    const bool is_same = is_known && found->second.is_editing == sighting.is_editing;
    people[{sighting.resource, sighting.user_id}] = {sighting.is_editing, now + presence_kept};
    return is_same ? Noted::same : Noted::changed;
}

std::vector<PresenceTable::Person> PresenceTable::at(const access::OrgId& org_id, std::string_view resource,
                                                     Time now) const {
    std::vector<Person> present;
    const auto people = orgs_.find(org_id);
    if (people == orgs_.end()) return present;
    auto next = people->second.lower_bound({std::string(resource), access::UserId()});
    for (; next != people->second.end() && next->first.first == resource; ++next) {
        if (next->second.until > now) present.push_back({next->first.second, next->second.is_editing});
    }
    return present;
}

std::vector<PresenceTable::Place> PresenceTable::expire(Time now) {
    std::vector<Place> left;
    for (auto org = orgs_.begin(); org != orgs_.end();) {
        std::erase_if(org->second, [&](const auto& entry) {
            if (entry.second.until > now) return false;
            const Place place{org->first, entry.first.first};
            if (left.empty() || left.back() != place) left.push_back(place);
            return true;
        });
        org = org->second.empty() ? orgs_.erase(org) : std::next(org);
    }
    return left;
}

}  // namespace fanion::cp::live
