#pragma once

// Versions that do not go to all relays at once: what they are, and which way a change takes. Pure.

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "common/base/clock.hpp"
#include "common/wire/item_set.hpp"
#include "common/wire/manifest.hpp"

namespace fanion::cp::publish {

enum class StageState {
    held,       // relays with the label have it, the others have `base`
    beneath,    // for the relays without the label, while a later version is held
    released,   // for all
    withdrawn,  // for nobody: a later version has the former content
    replaced,   // for nobody: a later version has its content too
};
std::string_view name_of(StageState state) noexcept;
std::optional<StageState> parse_stage_state(std::string_view name) noexcept;

// What a feed must know of a version. One without this is for all.
struct FeedStage {
    wire::Version version;
    StageState state = StageState::held;
    std::string label;
    wire::Version base;  // of what is held: what the others have
};

// The way of a change to the relays.
enum class Passage {
    at_once,
    held,     // to those with the label first, with what is held already
    beneath,  // to all at once; what is held stays held on top of it
};

struct PassageInput {
    bool is_staged = false;     // the environment is protected and has stages
    bool has_version = false;   // something was published before
    bool is_held = false;       // a version is held
    bool skips_stages = false;  // the change asks for it
};
// Stages are for flags and segments: keys, and what an environment is called, go to all at once,
// so that a key that is revoked is not held up.
Passage passage_of(const PassageInput& input, const std::vector<wire::ItemChange>& changes) noexcept;

// A change that passes beneath a held version, as the two versions that it makes.
struct SplitChange {
    std::vector<wire::ItemChange> beneath;  // from what is held to the released content with the change
    std::vector<wire::ItemChange> above;    // from there to what is held with the change; empty: the same
};
// Without `excluded`, the publisher's own item.
SplitChange split_change(const wire::ItemSet& held, const wire::ItemSet& released,
                         const std::vector<wire::ItemChange>& changes, std::string_view excluded);

// What leads from one content to another, without the item `excluded`.
std::vector<wire::ItemChange> changes_between(const wire::ItemSet& from, const wire::ItemSet& to,
                                              std::string_view excluded);
// Whether the items are as `changes` would make them.
bool has_all(const wire::ItemSet& items, const std::vector<wire::ItemChange>& changes) noexcept;

}  // namespace fanion::cp::publish
