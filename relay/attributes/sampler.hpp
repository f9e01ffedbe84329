#pragma once

// What one worker thread notes of the contexts that it evaluates flags with: the names and types of
// their attributes, never a value. It looks at a few contexts after each take(), and then at one in
// `sampled_one_in`. One thread. Bounds, of each environment: `most_names` names from contexts that
// came with server keys, and as many from those that came with client keys, which are public. So
// nobody who has only a client key can drive out what the back ends send, and among the clients the
// frequent names stay (frequent_names.hpp).

#include <cstdint>
#include <limits>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "common/json/document.hpp"
#include "common/wire/seen_attribute.hpp"
#include "relay/attributes/frequent_names.hpp"

namespace fanion::relay::attributes {

inline constexpr std::size_t most_names = 100;
inline constexpr std::uint64_t looked_at_first = 16;
inline constexpr std::uint64_t sampled_one_in = 61;  // a prime: callers who take turns all get theirs

enum class Source : std::uint8_t { server, client };  // the kind of key that contexts came with

using Types = std::uint8_t;  // a bit for each wire::AttributeType

// Of one environment.
struct NotedNames {
    FrequentNames<Types> by_server{most_names};
    FrequentNames<Types> by_client{most_names};

    FrequentNames<Types>& of(Source source) noexcept { return source == Source::server ? by_server : by_client; }
};
using Noted = std::map<std::string, NotedNames, std::less<>>;  // by env_id

// The same of what another relay has reported.
Noted noted_of(const std::vector<wire::SeenAttribute>& attributes);

class Sampler {
public:
    explicit Sampler(bool is_on) : until_next_(is_on ? 1 : never) {}

    // Call for each context that flags are evaluated with. One subtraction, but for the sample.
    void see(std::string_view env_id, Source source, json::Value context) {
        if (--until_next_ == 0) look(env_id, source, context);
    }

    // What was noted since the last call.
    Noted take();

private:
    static constexpr std::uint64_t never = std::numeric_limits<std::uint64_t>::max();

    void look(std::string_view env_id, Source source, json::Value context);

    std::uint64_t until_next_;
    std::uint64_t looked_at_ = 0;  // since take()
    Noted noted_;
    std::string name_;  // keeps its capacity
};

}  // namespace fanion::relay::attributes
