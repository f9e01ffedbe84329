#pragma once

// Objects as files below a folder; a relay's cache directory is such a folder. Blocking.

#include "common/store/object_store.hpp"

namespace fanion::store {

class FolderStore final : public ObjectStore {
public:
    explicit FolderStore(std::string folder) : folder_(std::move(folder)) {}

    Result<std::vector<std::string>> list() override;
    Result<std::string> get(const std::string& name, std::size_t limit) override;
    Result<> put(const std::string& name, std::string_view bytes) override;
    Result<> remove(const std::string& name) override;

private:
    std::string path_of(const std::string& name) const { return folder_ + "/" + name; }

    std::string folder_;
};

}  // namespace fanion::store
