#pragma once

// Reads the few elements of S3's XML that are needed. Pure. The names of objects are those that
// Fanion writes, which no character needs an escape; a name with one is passed over.

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace fanion::store {

struct S3Listing {
    std::vector<std::string> keys;
    std::string next;  // continuation token; empty: this was the last page
};
S3Listing parse_s3_listing(std::string_view xml);

// The <Code> of an error, such as NoSuchBucket; empty if there is none of a plain form.
std::string parse_s3_error(std::string_view xml);

}  // namespace fanion::store
