#include "common/base/error.hpp"

#include <algorithm>
#include <stdexcept>

namespace fanion {

void throw_exception_from_error(const Error& error, const boost::source_location& where) {
    throw std::logic_error(std::string(where.file_name()) + ": unchecked result: " + describe(error));
}

std::string describe(const Error& error) {
    const auto is_detail = [&error](const Finding& finding) { return finding.detail == error.detail; };
    const bool is_repeated = std::any_of(error.findings.begin(), error.findings.end(), is_detail);
    std::string out = is_repeated ? std::string() : error.detail;
    for (const auto& finding : error.findings) {
        out += out.empty() ? "" : "; ";
        if (!finding.item.empty()) out += finding.item + " ";
        if (!finding.pointer.empty()) out += finding.pointer + ": ";
        out += finding.detail;
    }
    return out;
}

}  // namespace fanion
