#pragma once

// The backups in a folder or bucket. Only objects whose names are those of a backup exist here;
// whatever else lies there is neither read nor removed. Blocking; one thread. Errors name the
// place; of a folder they are invalid_input, of a bucket those of store::ObjectStore.

#include <memory>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "common/backup/backup_id.hpp"
#include "common/backup/manifest.hpp"
#include "common/store/object_store.hpp"

namespace fanion::backup {

class BackupPlace {
public:
    // `location` as for --publish-to, but neither Redis nor the URL of a file.
    static Result<BackupPlace> open(std::string_view location, const store::Access& access);

    const std::string& shown() const noexcept { return shown_; }

    struct Found {
        BackupId id;
        std::set<std::string> objects;
        bool is_complete() const { return objects.contains(std::string(manifest_name)); }
    };
    // Oldest first.
    Result<std::vector<Found>> list();
    // Creates the folder, if the place is one.
    Result<> prepare();

    Result<std::string> get(const std::string& id, const std::string& name, std::size_t limit);
    // Tries a bucket that does not answer three times.
    Result<> put(const std::string& id, const std::string& name, std::string_view bytes);
    // The manifest first: what remains after an interruption is no complete backup.
    Result<> remove(const std::string& id, const std::set<std::string>& objects);

    // Errors: those of get(), and unprocessable (damaged, or of another backup).
    Result<Manifest> manifest(const std::string& id);

private:
    BackupPlace(const store::Location& location, std::unique_ptr<store::ObjectStore> store);
    Error at(const std::string& what, Error error) const;

    std::string shown_, folder_;  // folder_: empty for a bucket
    std::unique_ptr<store::ObjectStore> store_;
};

}  // namespace fanion::backup
