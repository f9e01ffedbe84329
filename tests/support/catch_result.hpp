#pragma once

// Lets CHECK(result) and REQUIRE(result) print what went wrong: Catch would otherwise look for operator<< of the value.

#include <catch2/catch.hpp>
#include <string>

#include "common/base/error.hpp"

namespace Catch {

template <class T>
struct StringMaker<boost::system::result<T, fanion::Error>> {
    static std::string convert(const boost::system::result<T, fanion::Error>& result) {
        return result ? "a value" : "error: " + fanion::describe(result.error());
    }
};

}  // namespace Catch
