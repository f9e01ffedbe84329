// Flags, segments and access entries: what is read without a finding is written and read again to the same bytes.

#include <cstdint>
#include <cstdlib>
#include <string>
#include <vector>

#include "common/model/json.hpp"

namespace {

using namespace fanion;

template <class Read, class Write>
std::string rewrite(std::string_view text, Read read, Write write) {
    json::Document document;
    if (!document.parse(text)) return {};
    std::vector<Finding> findings;
    json::Reader reader(document.root(), findings);
    const auto value = read(reader, model::UnknownFields::ignore);
    if (!findings.empty()) return {};
    std::string out;
    json::Writer writer(out);
    write(writer, value);
    return out;
}

template <class Read, class Write>
void check(std::string_view text, Read read, Write write) {
    const auto first = rewrite(text, read, write);
    if (!first.empty() && rewrite(first, read, write) != first) std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view text(reinterpret_cast<const char*>(data), size);
    check(text, model::read_flag, model::write_flag);
    check(text, model::read_segment, model::write_segment);
    check(text, model::read_access, model::write_access);
    return 0;
}
