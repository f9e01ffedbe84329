#pragma once

// The items of one environment, read when they are asked for, and what checks of other items want to know of them. One
// thread; items outlive it.

#include <map>
#include <memory>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <unordered_map>

#include "common/eval/check/prover.hpp"
#include "common/eval/compile/ruleset.hpp"
#include "common/model/flag.hpp"

namespace fanion::eval::checks {

class Catalog {
public:
    explicit Catalog(std::span<const Item> items);

    // Null when there is none or it cannot be read.
    const model::Flag* flag(const std::string& key);
    const model::Segment* segment(const std::string& key);

    // Nobody can be a member: no list names anyone and no rule can hold, whatever the context. Unknown segments are not empty.
    bool is_empty_segment(const std::string& key);

    // The other flag is off, or never comes to a variation that is listed. An unknown flag's prerequisite is not dead.
    bool is_dead(const model::Prerequisite& prerequisite);
    // The variations an enabled flag may come to, as a prerequisite counts them. Nothing: not known.
    std::optional<std::set<std::string>> outcomes(const std::string& flag);

private:
    template <class T>
    struct Entry {
        std::unique_ptr<const T> value;
        bool is_read = false;
    };
    std::shared_ptr<const std::string> body(const std::string& item) const;
    bool find_empty(const model::Segment& segment);
    Id add_empty(const model::Condition& condition, Formulas& formulas);
    std::set<std::string> find_outcomes(const model::Flag& flag);

    std::unordered_map<std::string_view, std::shared_ptr<const std::string>> bodies_;
    std::size_t steps_ = Prover::item_steps;  // for all segments that are looked into
    std::map<std::string, Entry<model::Flag>> flags_;
    std::map<std::string, Entry<model::Segment>> segments_;
    std::map<std::string, bool> empty_;
    std::map<std::string, std::optional<std::set<std::string>>> outcomes_;
};

// Variations that a serve names for a slot that exists. `otherwise` of `next` is a variation's key in a fallthrough only.
enum class Place : std::uint8_t { rule, fallthrough };
void add_served(const model::Serve& serve, Place place, std::set<std::string>& served);
bool has_rest(const model::Split& split, Place place);  // `otherwise` names a variation

// The segments a condition tree asks for.
void add_segments(const model::Condition& condition, std::set<std::string>& keys);

}  // namespace fanion::eval::checks
