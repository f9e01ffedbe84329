// A project's file: text is refused at a place inside it, or is JSON that is written and read again
// as the same; a project that is read differs in nothing from itself.

#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <string>

#include "common/flagfile/difference.hpp"
#include "common/flagfile/format.hpp"
#include "common/flagfile/source.hpp"
#include "common/flagfile/update.hpp"

namespace {

using namespace fanion;
using namespace fanion::flagfile;

void check_formats(json::Value root) {
    const json::Tree tree(root);
    for (const auto& text : {to_yaml(tree), to_pretty_json(tree)}) {
        Fault fault;
        const auto again = Source::parse(text, fault);
        if (!fault.detail.empty() || again.root().to_text() != tree.to_text()) std::abort();
    }
}

void check_project(std::string_view text, const Source& source) {
    std::vector<Finding> findings;
    const auto project = read_project(source.root(), findings);
    if (!findings.empty()) return;
    const auto found = difference(project, project, {"production"}, findings);
    if (!findings.empty() || !found.flags.empty() || !found.segments.empty() || !found.new_flags.empty()) std::abort();
    updated_text(text, source, project, project);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view text(reinterpret_cast<const char*>(data), size);
    Fault fault;
    const auto source = Source::parse(text, fault);
    if (!fault.detail.empty()) {
        const auto lines = static_cast<std::size_t>(std::count(text.begin(), text.end(), '\n')) + 2;
        if (fault.place.line < 1 || fault.place.line > lines || fault.place.column < 1) std::abort();
        return 0;
    }
    check_formats(source.root());
    check_project(text, source);
    return 0;
}
