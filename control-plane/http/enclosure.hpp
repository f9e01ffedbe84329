#pragma once

// A change that is carried out as a part of another one: in its transaction, so that both are
// committed or neither. A Call that has an Enclosure is such a part: its Edit begins and commits
// nothing, appends its audit entries and notes here what it did. One thread; outlives the call.

#include <map>
#include <string>
#include <vector>

#include "common/wire/item_set.hpp"
#include "control-plane/db/transaction.hpp"
#include "control-plane/publish/ruleset_publisher.hpp"

namespace fanion::cp::http {

// A version that an edit has made of an environment.
struct MadeVersion {
    std::string project;      // key
    std::string environment;  // key
    publish::Publication publication;
    bool has_author = false;  // it is recorded
};

// What an environment serves once the change is committed; without a body: no longer.
struct ServedItem {
    std::string environment;
    wire::ItemChange item;
};

struct Enclosure {
    db::Transaction& tx;
    std::string group = {};          // of the audit entries; empty: each change has its own
    bool carries_approvals = false;  // whoever encloses the change compares `guarded` with its approvals
    bool is_proposal = false;        // it is undone: shown, for somebody else to make

    std::vector<ServedItem> served = {};           // flags and segments
    std::map<std::string, unsigned> guarded = {};  // the environments changed that want approvals: how many
    std::vector<MadeVersion> versions = {};
};

}  // namespace fanion::cp::http
