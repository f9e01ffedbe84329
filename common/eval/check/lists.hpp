#pragma once

// Which values of a list earlier lists name for the same attribute. One thread; keeps views into the model.

#include <string>
#include <string_view>
#include <unordered_map>

#include "common/model/flag.hpp"

namespace fanion::eval::checks {

class ListedBefore {
public:
    struct Shadow {
        std::size_t count = 0;  // of values
        std::size_t first = 0;  // index of the first
        std::size_t by = 0;     // the list that names it
    };
    Shadow find(const model::Target& list) const;
    Shadow add(const model::Target& list, std::size_t index);

private:
    std::unordered_map<std::string, std::unordered_map<std::string_view, std::size_t>> attributes_;
};

}  // namespace fanion::eval::checks
