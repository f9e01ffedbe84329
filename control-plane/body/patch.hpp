#pragma once

// The forms of a PATCH request's body, and the way back from the edited resource to that body.
// Plain values; pure.

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "common/base/error.hpp"
#include "common/json/document.hpp"

namespace fanion::cp::body {

enum class PatchForm {
    merge,         // RFC 7396
    json_patch,    // RFC 6902
    instructions,  // {"comment":"..","instructions":[{"kind":".."},..]}
};

struct Patch {
    PatchForm form = PatchForm::merge;
    json::Value value;
};

// Which places of the edited resource come from which places of the body. Of a PUT and of a merge
// patch they are the same: `is_same`.
class Places {
public:
    static Places same() { return Places(true); }
    static Places none() { return Places(false); }

    // `at`, a pointer into the resource, and what is below it come from `from`, a pointer into the
    // body.
    void add(std::string at, std::string from) { origins_[std::move(at)] = std::move(from); }

    // Turns the pointers of findings without an item, which point into the resource, to where they
    // come from. What comes from nowhere in the body gets `item` and keeps its pointer.
    void locate(std::vector<Finding>& findings, std::string_view item) const;
    bool is_same() const noexcept { return is_same_; }

private:
    explicit Places(bool is_same) : is_same_(is_same) {}

    bool is_same_;
    std::map<std::string, std::string, std::less<>> origins_;
};

// Shortens the pointers of findings without an item to what exists in `body`: instructions may
// write a part of the resource in another form. A last token that names a missing member stays.
void clip_to_body(std::vector<Finding>& findings, json::Value body);

// Both, for an error about the resource that a patch in `body` makes.
Error locate_error(Error error, const Places& places, std::string_view item, json::Value body);

// What a patch makes of a resource.
template <class T>
struct Patched {
    T after;
    Places places = Places::same();
};

}  // namespace fanion::cp::body
