#include "common/backup/backup_place.hpp"

#include <chrono>
#include <filesystem>
#include <map>
#include <thread>

namespace fanion::backup {
namespace {

constexpr int attempts = 3;

bool may_pass(Errc code) { return code == Errc::network || code == Errc::timed_out || code == Errc::unavailable; }

}  // namespace

BackupPlace::BackupPlace(const store::Location& location, std::unique_ptr<store::ObjectStore> store)
    : shown_(location.shown), store_(std::move(store)) {
    if (location.kind == store::Location::Kind::path) folder_ = location.path;
}

Result<BackupPlace> BackupPlace::open(std::string_view text, const store::Access& access) {
    const auto location = store::parse_location(text);
    if (!location) return Error{Errc::invalid_input, "the place of backups: " + location.error().detail};
    using Kind = store::Location::Kind;
    if (location->kind != Kind::path && location->kind != Kind::s3)
        return Error{Errc::invalid_input, "backups are kept in a folder or in a bucket (s3://..)"};
    auto store = store::make_object_store(*location, access);
    if (!store) return store.error();
    return BackupPlace(*location, std::move(*store));
}

Error BackupPlace::at(const std::string& what, Error error) const {
    if (error.code == Errc::too_large) error.code = Errc::unprocessable;
    const bool is_said = error.code == Errc::unprocessable || error.code == Errc::not_found;
    if (!folder_.empty() && !is_said) error.code = Errc::invalid_input;
    const bool names_it = error.detail.find(shown_) != std::string::npos;
    error.detail = what + ": " + (names_it ? "" : shown_ + ": ") + error.detail;
    return error;
}

Result<> BackupPlace::prepare() {
    if (folder_.empty()) return {};
    std::error_code failure;
    std::filesystem::create_directories(folder_, failure);
    if (failure) return at("cannot be made", {Errc::invalid_input, failure.message()});
    return {};
}

Result<std::vector<BackupPlace::Found>> BackupPlace::list() {
    const auto names = store_->list();
    if (!names) return at("backups cannot be listed", names.error());
    std::map<std::string, Found> found;
    for (const auto& name : *names) {
        const auto slash = name.find('/');
        if (slash == std::string::npos) continue;
        const auto id = parse_backup_id(std::string_view(name).substr(0, slash));
        const auto object = name.substr(slash + 1);
        if (!id || !is_backup_object(object)) continue;
        auto& backup = found[id->text];
        backup.id = *id;
        backup.objects.insert(object);
    }
    std::vector<Found> backups;
    for (auto& [id, backup] : found) backups.push_back(std::move(backup));
    return backups;
}

Result<std::string> BackupPlace::get(const std::string& id, const std::string& name, std::size_t limit) {
    auto bytes = store_->get(id + "/" + name, limit);
    if (!bytes) return at("backup " + id + ": " + name + " cannot be read", bytes.error());
    return bytes;
}

Result<> BackupPlace::put(const std::string& id, const std::string& name, std::string_view bytes) {
    for (int attempt = 1;; ++attempt) {
        auto put = store_->put(id + "/" + name, bytes);
        if (put) return {};
        const bool is_last = attempt == attempts || !folder_.empty() || !may_pass(put.error().code);
        if (is_last) return at("the backup cannot be written", put.error());
        std::this_thread::sleep_for(std::chrono::seconds(attempt));
    }
}

Result<> BackupPlace::remove(const std::string& id, const std::set<std::string>& objects) {
    const auto remove_one = [&](const std::string& name) -> Result<> {
        auto removed = store_->remove(id + "/" + name);
        if (!removed) return at("backup " + id + " cannot be removed", removed.error());
        return {};
    };
    const std::string first(manifest_name);
    if (objects.contains(first)) {
        if (auto removed = remove_one(first); !removed) return removed;
    }
    for (const auto& name : objects) {
        if (name == first) continue;
        if (auto removed = remove_one(name); !removed) return removed;
    }
    std::error_code ignored;  // a folder that has something else in it stays
    if (!folder_.empty()) std::filesystem::remove(std::filesystem::path(folder_) / id, ignored);
    return {};
}

Result<Manifest> BackupPlace::manifest(const std::string& id) {
    const auto bytes = get(id, std::string(manifest_name), most_manifest_bytes);
    if (!bytes) return bytes.error();
    auto manifest = parse_manifest(*bytes);
    if (!manifest) return Error{Errc::unprocessable, "backup " + id + " in " + shown_ + ": " + manifest.error().detail};
    if (manifest->id != id)
        return Error{Errc::unprocessable,
                     "backup " + id + " in " + shown_ + ": its manifest is that of " + manifest->id};
    return manifest;
}

}  // namespace fanion::backup
