#pragma once

// Files of values in parts. Functions run in the caller's transaction, whose scope is the
// organisation.

#include <boost/asio/awaitable.hpp>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "control-plane/access/ids.hpp"
#include "control-plane/db/transaction.hpp"
#include "control-plane/segments/upload.hpp"

namespace fanion::cp::segments {

// What an upload is for.
struct UploadPlace {
    access::OrgId org_id;
    access::SegmentId segment_id;
    access::EnvironmentId env_id;
};

// Removes those of the organisation that have expired; returns how many others there are.
boost::asio::awaitable<std::size_t> count_uploads(db::Transaction& tx, access::OrgId org_id, UnixMillis now);
boost::asio::awaitable<void> insert_upload(db::Transaction& tx, UploadPlace place, const Upload& upload);
// None if it has expired. `lock`: nobody else applies, deletes or adds to it until the transaction
// ends.
enum class UploadLock { none, exclusive };
boost::asio::awaitable<std::optional<Upload>> find_upload(db::Transaction& tx, UploadPlace place, UploadId upload_id,
                                                          UnixMillis now, UploadLock lock = UploadLock::none);
// Of the organisation, without those that have expired or whose place was deleted, in the order of
// their ids from behind `after`.
boost::asio::awaitable<std::vector<ListedUpload>> list_uploads(db::Transaction& tx, access::OrgId org_id,
                                                               UnixMillis now, std::string after, std::size_t limit);
// Inserts or replaces a part.
boost::asio::awaitable<void> put_upload_part(db::Transaction& tx, access::OrgId org_id, UploadId upload_id, int part,
                                             std::string content);
boost::asio::awaitable<std::vector<std::string>> read_upload_parts(db::Transaction& tx, access::OrgId org_id,
                                                                   UploadId upload_id);
// False if there is none.
boost::asio::awaitable<bool> delete_upload(db::Transaction& tx, UploadPlace place, UploadId upload_id);

}  // namespace fanion::cp::segments
