#pragma once

// The items of one environment, parsed on demand, with what the checks of one item need to know
// about the others. One thread; the items must outlive it.

#include <map>
#include <memory>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "common/eval/check/prover.hpp"
#include "common/eval/compile/ruleset.hpp"
#include "common/model/flag.hpp"

namespace fanion::eval::checks {

class Catalog {
public:
    explicit Catalog(std::span<const Item> items);
    Catalog(const Catalog&) = delete;

    // A segment that need not be parsed.
    void know(const std::string& key, std::shared_ptr<const model::Segment> segment);
    // Null when there is no such item or it cannot be parsed.
    const model::Flag* flag(const std::string& key);
    const model::Segment* segment(const std::string& key);

    // Keys of all flags, in byte order.
    std::vector<std::string> flag_keys() const;

    // Whether a client key of the environment may have rules.
    bool has_client_rules();

    // Proven to have no member: no list names anyone and no rule can hold, whatever the context. An
    // unknown segment is not empty.
    bool is_empty_segment(const std::string& key);

    // Proven never to be fulfilled: the other flag is off, or never yields a listed variation.
    // False when the other flag is unknown.
    bool is_dead(const model::Prerequisite& prerequisite);
    // A superset of the variations that the flag, when enabled, may yield to a prerequisite;
    // nullopt when not known.
    std::optional<std::set<std::string>> outcomes(const std::string& flag);

private:
    template <class T>
    struct Entry {
        std::shared_ptr<const T> value;
        bool is_read = false;
    };
    std::shared_ptr<const std::string> body(const std::string& item) const;
    bool find_empty(const model::Segment& segment);
    Id add_empty(const model::Condition& condition, Formulas& formulas);
    std::set<std::string> find_outcomes(const model::Flag& flag);

    std::span<const Item> items_;             // in the order of their keys
    std::vector<Item> sorted_;                // where those that were given are in another order
    std::size_t steps_ = Prover::item_steps;  // shared by all segments that are examined
    std::map<std::string, Entry<model::Flag>> flags_;
    std::map<std::string, Entry<model::Segment>> segments_;
    std::optional<bool> has_client_rules_;
    std::map<std::string, bool> empty_;
    std::map<std::string, std::optional<std::set<std::string>>> outcomes_;
};

// Adds the variations that a serve gives to at least one slot. In a rule, `otherwise: next` means
// the next rule; in a fallthrough it is the key of a variation.
enum class Place : std::uint8_t { rule, fallthrough };
void add_served(const model::Serve& serve, Place place, std::set<std::string>& served);
bool has_rest(const model::Split& split, Place place);  // whether `otherwise` names a variation

// Adds the keys of the segments that the condition tree refers to.
void add_segments(const model::Condition& condition, std::set<std::string>& keys);

}  // namespace fanion::eval::checks
