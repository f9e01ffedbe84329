#pragma once

// Finds the values of a list that earlier lists of the same attribute already contain. One thread;
// keeps views into the model.

#include <string>
#include <string_view>
#include <unordered_map>

#include "common/model/flag.hpp"

namespace fanion::eval::checks {

class ListedBefore {
public:
    struct Shadow {
        std::size_t count = 0;  // of its values that earlier lists contain
        std::size_t first = 0;  // index of the first such value
        std::size_t by = 0;     // index of the list that contains it
    };
    Shadow find(const model::Target& list) const;
    Shadow add(const model::Target& list, std::size_t index);

private:
    std::unordered_map<std::string, std::unordered_map<std::string_view, std::size_t>> attributes_;
};

}  // namespace fanion::eval::checks
