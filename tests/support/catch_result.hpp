#pragma once

// Makes CHECK(result) and REQUIRE(result) print the error. Otherwise Catch would look for
// operator<< of the value.

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
