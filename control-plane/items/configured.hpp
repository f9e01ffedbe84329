#pragma once

namespace fanion::cp::items {

// A flag or a segment with its configuration in one environment.
template <class Row, class Config>
struct Configured {
    Row row;
    Config config;
};

}  // namespace fanion::cp::items
