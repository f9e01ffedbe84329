#pragma once

// A distinct type for each kind of identifier, so that two of them cannot be swapped in a call.
// Plain value; costs what its string costs.
//
//     using FlagId = StrongId<struct FlagIdTag>;
//     FlagId id{row.string(0)};
//     params.add(id.str());

#include <compare>
#include <functional>
#include <string>
#include <utility>

namespace fanion {

template <class Tag>
class StrongId {
public:
    StrongId() = default;  // empty: names nothing
    explicit StrongId(std::string text) : text_(std::move(text)) {}

    const std::string& str() const noexcept { return text_; }
    bool empty() const noexcept { return text_.empty(); }

    friend bool operator==(const StrongId&, const StrongId&) = default;
    friend auto operator<=>(const StrongId&, const StrongId&) = default;

private:
    std::string text_;
};

}  // namespace fanion

template <class Tag>
struct std::hash<fanion::StrongId<Tag>> {
    std::size_t operator()(const fanion::StrongId<Tag>& id) const noexcept {
        return std::hash<std::string>{}(id.str());
    }
};
