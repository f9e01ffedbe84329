// Bundles, cut at a place that the input chooses, and names of objects. What is split off is the input again.

#include <cstdint>
#include <cstdlib>

#include "common/wire/bundle.hpp"

using namespace fanion;
using namespace fanion::wire;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view bytes(reinterpret_cast<const char*>(data), size);
    BundleSplitter splitter(64 * 1024);
    std::vector<std::string> documents;
    const auto cut = size == 0 ? 0 : data[0] % size;
    const bool is_split = splitter.feed(bytes.substr(0, cut), documents) &&
                          splitter.feed(bytes.substr(cut), documents) && splitter.finish(documents);
    std::string together;
    for (const auto& document : documents) {
        together += document;
        if (const auto read = read_bundle_document(document); read && read->is_trust() != (read->trust > 0))
            std::abort();
    }
    if (is_split ? together != bytes : !bytes.starts_with(together)) std::abort();
    const auto stored = parse_object_names({std::string(bytes)});
    for (const auto& [env_id, versions] : stored.snapshots) {
        if (snapshot_object_name(env_id, *versions.begin()) != bytes) std::abort();
    }
    return 0;
}
