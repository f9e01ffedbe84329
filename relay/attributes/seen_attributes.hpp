#pragma once

// The names and types that all workers noted, until upstream has accepted them: to the hour, in
// memory only. One thread (the control thread). The bounds of each environment are those of
// sampler.hpp; a name that is not seen any more is forgotten after some hours, later the more often
// it was seen.

#include <array>
#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "common/base/clock.hpp"
#include "common/wire/seen_attribute.hpp"
#include "relay/attributes/sampler.hpp"

namespace fanion::relay::attributes {

class SeenAttributes {
public:
    // Adds what a worker noted. True when there is a name or type that was not known.
    bool merge(const Noted& noted, UnixMillis now);

    // What is not reported yet, at most wire::most_attributes; of the environments by turns.
    std::vector<wire::SeenAttribute> due() const;
    // Upstream accepted these.
    void reported(const std::vector<wire::SeenAttribute>& attributes);

    std::size_t names() const noexcept;

private:
    // Of one name and type: the hours, as times of their beginnings; 0: never.
    struct Seen {
        UnixMillis at = 0;
        UnixMillis reported = 0;
    };
    using SeenTypes = std::array<Seen, std::size(wire::all_attribute_types)>;
    struct Environment {
        FrequentNames<SeenTypes> by_server{most_names};
        FrequentNames<SeenTypes> by_client{most_names};
        UnixMillis halved = 0;  // the hour
    };

    static bool merge_names(const FrequentNames<Types>& noted, FrequentNames<SeenTypes>& names, UnixMillis hour);
    static void collect(const std::string& env_id, const Environment& env, std::vector<wire::SeenAttribute>& due);
    void forget(UnixMillis hour);

    std::map<std::string, Environment, std::less<>> environments_;
    std::string last_reported_;  // the environment that the last report ended with
};

}  // namespace fanion::relay::attributes
