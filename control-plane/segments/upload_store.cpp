#include "control-plane/segments/upload_store.hpp"

#include <utility>

namespace fanion::cp::segments {

using boost::asio::awaitable;

constexpr db::Statement expire_uploads_sql{"expire_uploads",
                                           "DELETE FROM segment_uploads WHERE org_id = $1 AND created_at <= $2"};
constexpr db::Statement count_uploads_sql{"count_uploads", "SELECT count(*) FROM segment_uploads WHERE org_id = $1"};

awaitable<std::size_t> count_uploads(db::Transaction& tx, access::OrgId org_id, UnixMillis now) {
    co_await tx.run(expire_uploads_sql, org_id, db::Time{now - upload_ms});
    const auto rows = co_await tx.run(count_uploads_sql, org_id);
    co_return static_cast<std::size_t>(rows[0].u64(0));
}

constexpr db::Statement insert_upload_sql{
    "insert_upload",
    "INSERT INTO segment_uploads (upload_id, org_id, segment_id, env_id, format, created_by, created_at) "
    "VALUES ($1, $2, $3, $4, $5, $6, $7)"};

awaitable<void> insert_upload(db::Transaction& tx, UploadPlace place, const Upload& upload) {
    co_await tx.run(insert_upload_sql, upload.upload_id, place.org_id, place.segment_id, place.env_id,
                    name_of(upload.format), upload.created_by, db::Time{upload.created_at});
}

constexpr db::Statement find_upload_sql{
    "find_upload",
    "SELECT format, created_by, created_at FROM segment_uploads "
    "WHERE org_id = $1 AND segment_id = $2 AND env_id = $3 AND upload_id = $4 AND created_at > $5"};
constexpr db::Statement lock_upload_sql{
    "lock_upload",
    "SELECT format, created_by, created_at FROM segment_uploads "
    "WHERE org_id = $1 AND segment_id = $2 AND env_id = $3 AND upload_id = $4 AND created_at > $5 FOR UPDATE"};
constexpr db::Statement list_upload_parts_sql{
    "list_upload_parts",
    "SELECT part, octet_length(content) FROM segment_upload_parts WHERE org_id = $1 AND upload_id = $2 ORDER BY part"};

namespace {

// From a row that begins with format, created_by and created_at.
Upload to_upload(UploadId upload_id, db::Row row) {
    Upload upload;
    upload.upload_id = std::move(upload_id);
    upload.format = parse_file_format(row.text(0)).value_or(FileFormat::csv);
    upload.created_by = row.string(1);
    upload.created_at = row.time(2);
    return upload;
}

awaitable<std::vector<UploadPart>> list_parts(db::Transaction& tx, access::OrgId org_id, UploadId upload_id) {
    const auto rows = co_await tx.run(list_upload_parts_sql, org_id, upload_id);
    std::vector<UploadPart> parts;
    for (const auto row : rows) parts.push_back({static_cast<int>(row.u64(0)), static_cast<std::size_t>(row.u64(1))});
    co_return parts;
}

}  // namespace

awaitable<std::optional<Upload>> find_upload(db::Transaction& tx, UploadPlace place, UploadId upload_id, UnixMillis now,
                                             UploadLock lock) {
    const auto& statement = lock == UploadLock::exclusive ? lock_upload_sql : find_upload_sql;
    const auto rows =
        co_await tx.run(statement, place.org_id, place.segment_id, place.env_id, upload_id, db::Time{now - upload_ms});
    if (rows.empty()) co_return std::nullopt;
    auto upload = to_upload(std::move(upload_id), rows[0]);
    upload.parts = co_await list_parts(tx, std::move(place.org_id), upload.upload_id);
    co_return upload;
}

constexpr db::Statement list_uploads_sql{
    "list_uploads",
    "SELECT u.format, u.created_by, u.created_at, u.upload_id, p.key, s.key, e.key FROM segment_uploads u "
    "JOIN segments s USING (segment_id) JOIN environments e USING (env_id) "
    "JOIN projects p ON p.project_id = s.project_id "
    "WHERE u.org_id = $1 AND u.created_at > $2 AND u.upload_id COLLATE \"C\" > $3 "
    "AND p.deleted_at IS NULL AND s.deleted_at IS NULL AND e.deleted_at IS NULL "
    "ORDER BY u.upload_id COLLATE \"C\" LIMIT $4"};

awaitable<std::vector<ListedUpload>> list_uploads(db::Transaction& tx, access::OrgId org_id, UnixMillis now,
                                                  std::string after, std::size_t limit) {
    const auto rows = co_await tx.run(list_uploads_sql, org_id, db::Time{now - upload_ms}, after, limit);
    std::vector<ListedUpload> found;
    for (const auto row : rows)
        found.push_back({row.string(4), row.string(5), row.string(6), to_upload(UploadId(row.string(3)), row)});
    for (auto& one : found) one.upload.parts = co_await list_parts(tx, org_id, one.upload.upload_id);
    co_return found;
}

constexpr db::Statement put_upload_part_sql{
    "put_upload_part",
    "INSERT INTO segment_upload_parts (org_id, upload_id, part, content) VALUES ($1, $2, $3, $4) "
    "ON CONFLICT (org_id, upload_id, part) DO UPDATE SET content = $4"};

awaitable<void> put_upload_part(db::Transaction& tx, access::OrgId org_id, UploadId upload_id, int part,
                                std::string content) {
    co_await tx.run(put_upload_part_sql, org_id, upload_id, part, db::Bytes{content});
}

constexpr db::Statement read_upload_parts_sql{
    "read_upload_parts", "SELECT content FROM segment_upload_parts WHERE org_id = $1 AND upload_id = $2 ORDER BY part"};

awaitable<std::vector<std::string>> read_upload_parts(db::Transaction& tx, access::OrgId org_id, UploadId upload_id) {
    const auto rows = co_await tx.run(read_upload_parts_sql, org_id, upload_id);
    std::vector<std::string> parts;
    for (const auto row : rows) parts.push_back(row.bytes(0));
    co_return parts;
}

constexpr db::Statement delete_upload_sql{"delete_upload",
                                          "DELETE FROM segment_uploads WHERE org_id = $1 AND segment_id = $2 "
                                          "AND env_id = $3 AND upload_id = $4 RETURNING 1"};

awaitable<bool> delete_upload(db::Transaction& tx, UploadPlace place, UploadId upload_id) {
    const auto rows = co_await tx.run(delete_upload_sql, place.org_id, place.segment_id, place.env_id, upload_id);
    co_return !rows.empty();
}

}  // namespace fanion::cp::segments
