#include "control-plane/segments/upload_store.hpp"
#include "tests/integration/control-plane/admin/store_crossing.hpp"

namespace fanion::crossing {
namespace {

const Case upload_table[] = {
    {"put_segment_members", false,
     [](Tx& tx, const Theirs& t) {
         return written(segments::put_segment_members(tx, t.segment, t.env, t.segment_config, "{}", "planted"));
     }},
    {"count_uploads", true, [](Tx& tx, const Theirs& t) { return found(segments::count_uploads(tx, t.org, now)); }},
    {"insert_upload", false,
     [](Tx& tx, const Theirs& t) -> Found {
         const segments::Upload upload{segments::UploadId("up_planted"), segments::FileFormat::csv, "planted", now};
         co_await segments::insert_upload(tx, t.upload_place(), upload);
         co_return false;
     }},
    {"find_upload", true,
     [](Tx& tx, const Theirs& t) { return found(segments::find_upload(tx, t.upload_place(), t.upload, 0)); }},
    {"list_uploads", true, [](Tx& tx, const Theirs& t) { return found(segments::list_uploads(tx, t.org, 0, "", 10)); }},
    {"put_upload_part", false,
     [](Tx& tx, const Theirs& t) { return written(segments::put_upload_part(tx, t.org, t.upload, 2, "planted")); }},
    {"read_upload_parts", true,
     [](Tx& tx, const Theirs& t) { return found(segments::read_upload_parts(tx, t.org, t.upload)); }},
    {"delete_upload", true,
     [](Tx& tx, const Theirs& t) -> Found {
         co_return co_await segments::delete_upload(tx, t.upload_place(), t.upload);
     }},
};

}  // namespace

std::span<const Case> upload_cases() noexcept { return upload_table; }

}  // namespace fanion::crossing
