#pragma once

// Cuts a stream of bytes into pieces, seals each and stores it, so that neither memory nor disk
// holds more than one piece. One thread.

#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "common/backup/backup_place.hpp"
#include "common/backup/recipient.hpp"
#include "common/base/crypto.hpp"

namespace fanion::backup {

inline constexpr std::size_t piece_bytes = 16u * 1024 * 1024;
// What sealing adds, generously: a certificate's issuer, and a key for each recipient.
inline constexpr std::size_t most_sealed_bytes = piece_bytes + 1024 * 1024;

class PieceWriter {
public:
    // What is stored where; references must outlive the writer.
    struct Target {
        BackupPlace& place;
        std::string id;
        const std::vector<Recipient>& recipients;
    };
    PieceWriter(Target target, Stream stream) : target_(std::move(target)), stream_(stream) {}

    // Errors: those of BackupPlace::put().
    Result<> write(std::string_view bytes);
    // Stores the rest; there is at least one piece. Call once.
    Result<StreamRecord> finish();

    std::uint64_t bytes() const noexcept { return record_.bytes; }

private:
    Result<> store_piece();

    Target target_;
    Stream stream_;
    std::string piece_;
    Sha256Stream hash_;
    StreamRecord record_;
};

// Takes the next bytes of a stream; an error ends the reading.
using TakeBytes = std::function<Result<>(std::string_view)>;

// Reads the stream of a backup back, piece by piece, each checked against the manifest before it is
// opened. Errors: those of BackupPlace::get(), those of `take`, and unprocessable, which name the
// object: missing, cut short, altered, or sealed for another key.
Result<> read_stream(BackupPlace& place, const Manifest& manifest, Stream stream, const OpeningKey& key,
                     const TakeBytes& take);
// Checks the pieces alone, for which nobody needs a key. Errors: as above.
Result<> check_pieces(BackupPlace& place, const Manifest& manifest, Stream stream);
// Whether the manifest is the one that was sealed with the backup. Error: unprocessable.
Result<> check_manifest(BackupPlace& place, const Manifest& manifest, const OpeningKey& key);

}  // namespace fanion::backup
