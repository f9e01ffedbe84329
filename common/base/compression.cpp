#include "common/base/compression.hpp"

#include <zlib.h>
#include <zstd.h>

#include <algorithm>
#include <array>
#include <memory>
#include <stdexcept>

#include "common/base/text.hpp"

namespace fanion {

namespace {

constexpr int gzip_window = 15 + 16;  // zlib's spelling of "gzip header and trailer"
constexpr int zstd_level = 3;

Error damaged(std::string_view what) {
    return {Errc::invalid_input, "not a complete " + std::string(what) + " stream"};
}
Error oversize() { return {Errc::too_large, "too large when unpacked"}; }

std::string gzip(std::string_view bytes) {
    z_stream z{};
    if (deflateInit2(&z, Z_DEFAULT_COMPRESSION, Z_DEFLATED, gzip_window, 8, Z_DEFAULT_STRATEGY) != Z_OK) {
        throw std::runtime_error("deflateInit2 failed");
    }
    std::string out(deflateBound(&z, static_cast<uLong>(bytes.size())), '\0');
    z.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(bytes.data()));
    z.avail_in = static_cast<uInt>(bytes.size());
    z.next_out = reinterpret_cast<Bytef*>(out.data());
    z.avail_out = static_cast<uInt>(out.size());
    const int status = deflate(&z, Z_FINISH);
    out.resize(z.total_out);
    deflateEnd(&z);
    if (status != Z_STREAM_END) throw std::runtime_error("deflate failed");
    return out;
}

struct InflateEnd {
    void operator()(z_stream* z) const noexcept { inflateEnd(z); }
};

Result<std::string> gunzip(std::string_view bytes, std::size_t limit) {
    z_stream z{};
    if (inflateInit2(&z, gzip_window) != Z_OK) throw std::runtime_error("inflateInit2 failed");
    const std::unique_ptr<z_stream, InflateEnd> end(&z);
    z.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(bytes.data()));
    z.avail_in = static_cast<uInt>(bytes.size());
    std::string out;
    std::array<char, 16 * 1024> block;
    for (;;) {
        z.next_out = reinterpret_cast<Bytef*>(block.data());
        z.avail_out = static_cast<uInt>(block.size());
        const int status = inflate(&z, Z_NO_FLUSH);
        if (status != Z_OK && status != Z_STREAM_END) return damaged("gzip");
        const std::size_t made = block.size() - z.avail_out;
        if (out.size() + made > limit) return oversize();
        out.append(block.data(), made);
        if (status == Z_STREAM_END) break;
        if (z.avail_in == 0 && made == 0) return damaged("gzip");
    }
    if (z.avail_in != 0) return damaged("gzip");
    return out;
}

std::string zstd(std::string_view bytes) {
    std::string out(ZSTD_compressBound(bytes.size()), '\0');
    const auto size = ZSTD_compress(out.data(), out.size(), bytes.data(), bytes.size(), zstd_level);
    if (ZSTD_isError(size) != 0) throw std::runtime_error("ZSTD_compress failed");
    out.resize(size);
    return out;
}

struct FreeContext {
    void operator()(ZSTD_DCtx* context) const noexcept { ZSTD_freeDCtx(context); }
};

Result<std::string> unzstd(std::string_view bytes, std::size_t limit) {
    const std::unique_ptr<ZSTD_DCtx, FreeContext> context(ZSTD_createDCtx());
    if (!context) throw std::bad_alloc();
    // A frame may declare a window of gigabytes. 8 MiB is more than any caller's `limit`.
    ZSTD_DCtx_setParameter(context.get(), ZSTD_d_windowLogMax, 23);
    ZSTD_inBuffer in{bytes.data(), bytes.size(), 0};
    std::string out;
    std::array<char, 16 * 1024> block;
    for (;;) {
        ZSTD_outBuffer made{block.data(), block.size(), 0};
        const auto left = ZSTD_decompressStream(context.get(), &made, &in);
        if (ZSTD_isError(left) != 0) return damaged("zstd");
        if (out.size() + made.pos > limit) return oversize();
        out.append(block.data(), made.pos);
        if (left == 0) break;
        if (in.pos == in.size && made.pos < made.size) return damaged("zstd");
    }
    if (in.pos != in.size) return damaged("zstd");
    return out;
}

}  // namespace

std::string_view name_of(Encoding encoding) noexcept {
    switch (encoding) {
        case Encoding::gzip:
            return "gzip";
        case Encoding::zstd:
            return "zstd";
        case Encoding::identity:
            break;
    }
    return "identity";
}

std::optional<Encoding> parse_encoding(std::string_view header) noexcept {
    const std::string_view name = trim(header);
    if (name.empty() || equals_ignore_case_ascii(name, "identity")) return Encoding::identity;
    if (equals_ignore_case_ascii(name, "gzip")) return Encoding::gzip;
    if (equals_ignore_case_ascii(name, "zstd")) return Encoding::zstd;
    return std::nullopt;
}

std::string compress(Encoding encoding, std::string_view bytes) {
    switch (encoding) {
        case Encoding::gzip:
            return gzip(bytes);
        case Encoding::zstd:
            return zstd(bytes);
        case Encoding::identity:
            break;
    }
    return std::string(bytes);
}

Result<std::string> decompress(Encoding encoding, std::string_view bytes, std::size_t limit) {
    switch (encoding) {
        case Encoding::gzip:
            return gunzip(bytes, limit);
        case Encoding::zstd:
            return unzstd(bytes, limit);
        case Encoding::identity:
            break;
    }
    if (bytes.size() > limit) return oversize();
    return std::string(bytes);
}

}  // namespace fanion
