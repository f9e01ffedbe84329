#pragma once

// The documents of a bundle, which is one file: on disk or at a URL. Blocking; private to
// common/store.

#include <deque>
#include <functional>
#include <vector>

#include "common/store/document_reader.hpp"
#include "common/wire/bundle.hpp"

namespace fanion::store {

class BundleReader final : public DocumentReader {
public:
    // Replaces its argument by the bytes that follow; by nothing at the end.
    using Source = std::function<Result<>(std::string& bytes)>;

    BundleReader(Source source, std::size_t most_bytes) : source_(std::move(source)), splitter_(most_bytes) {}

    Result<std::optional<std::string>> next() override;
    void skip_older(std::string_view) override {}

private:
    Source source_;
    wire::BundleSplitter splitter_;
    std::deque<std::string> ready_;
    bool is_at_end_ = false;
};

// Errors: those of next().
Result<BundleReader::Source> open_file_source(const std::string& path);
BundleReader::Source make_http_source(const Location& location, const Access& access);

}  // namespace fanion::store
