#include "common/backup/piece_writer.hpp"

#include <algorithm>

namespace fanion::backup {
namespace {

Error damaged(const Manifest& manifest, const std::string& object, const std::string& why) {
    return {Errc::unprocessable, "backup " + manifest.id + " is damaged: " + object + ": " + why};
}

Result<std::string> read_piece(BackupPlace& place, const Manifest& manifest, Stream stream, std::size_t number) {
    const auto& piece = manifest.of(stream).pieces[number];
    const auto name = piece_name(stream, number);
    auto sealed = place.get(manifest.id, name, most_sealed_bytes);
    if (!sealed && sealed.error().code == Errc::not_found) return damaged(manifest, name, "it is missing");
    if (!sealed) return sealed.error();
    if (sealed->size() != piece.bytes)
        return damaged(manifest, name,
                       "it has " + std::to_string(sealed->size()) + " bytes instead of " + std::to_string(piece.bytes));
    if (to_hex(sha256(*sealed)) != piece.sha256) return damaged(manifest, name, "it was altered");
    return sealed;
}

}  // namespace

Result<> PieceWriter::write(std::string_view bytes) {
    hash_.update(bytes);
    record_.bytes += bytes.size();
    while (!bytes.empty()) {
        const auto part = bytes.substr(0, piece_bytes - piece_.size());
        piece_ += part;
        bytes.remove_prefix(part.size());
        if (piece_.size() < piece_bytes) continue;
        if (auto stored = store_piece(); !stored) return stored;
    }
    return {};
}

Result<> PieceWriter::store_piece() {
    const auto sealed = seal(piece_, target_.recipients);
    const auto name = piece_name(stream_, record_.pieces.size());
    if (auto put = target_.place.put(target_.id, name, sealed); !put) return put;
    record_.pieces.push_back({sealed.size(), to_hex(sha256(sealed))});
    piece_.clear();
    return {};
}

Result<StreamRecord> PieceWriter::finish() {
    if (!piece_.empty() || record_.pieces.empty()) {
        if (auto stored = store_piece(); !stored) return stored.error();
    }
    record_.sha256 = to_hex(hash_.finish());
    return std::move(record_);
}

Result<> read_stream(BackupPlace& place, const Manifest& manifest, Stream stream, const OpeningKey& key,
                     const TakeBytes& take) {
    const auto& record = manifest.of(stream);
    Sha256Stream hash;
    std::uint64_t bytes = 0;
    for (std::size_t number = 0; number < record.pieces.size(); ++number) {
        const auto sealed = read_piece(place, manifest, stream, number);
        if (!sealed) return sealed.error();
        const auto opened = open(*sealed, key);
        if (!opened) return damaged(manifest, piece_name(stream, number), opened.error().detail);
        hash.update(*opened);
        bytes += opened->size();
        if (auto taken = take(*opened); !taken) return taken;
    }
    if (bytes != record.bytes || to_hex(hash.finish()) != record.sha256)
        return damaged(manifest, std::string(name_of(stream)), "its pieces are not those of one stream");
    return {};
}

Result<> check_pieces(BackupPlace& place, const Manifest& manifest, Stream stream) {
    for (std::size_t number = 0; number < manifest.of(stream).pieces.size(); ++number) {
        const auto sealed = read_piece(place, manifest, stream, number);
        if (!sealed) return sealed.error();
    }
    return {};
}

Result<> check_manifest(BackupPlace& place, const Manifest& manifest, const OpeningKey& key) {
    const auto& ids = manifest.recipients;
    if (std::ranges::find(ids, key.key_id()) == ids.end())
        return Error{Errc::unprocessable, "backup " + manifest.id + " is sealed for " +
                                              (ids.empty() ? std::string("nobody") : "the key " + ids.front()) +
                                              (ids.size() > 1 ? " and others" : "") +
                                              "; the private key that was given is " + key.key_id()};
    const std::string name(sealed_manifest_name);
    const auto sealed = place.get(manifest.id, name, 2 * most_manifest_bytes);
    if (!sealed && sealed.error().code == Errc::not_found) return damaged(manifest, name, "it is missing");
    if (!sealed) return sealed.error();
    const auto opened = open(*sealed, key);
    if (!opened) return damaged(manifest, name, opened.error().detail);
    const auto original = parse_manifest(*opened);
    if (!original || !(*original == manifest))
        return damaged(manifest, std::string(manifest_name), "it is not the one that was sealed");
    return {};
}

}  // namespace fanion::backup
