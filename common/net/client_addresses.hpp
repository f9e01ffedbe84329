#pragma once

// How many connections each address has of which no caller is known and that wait for their peer:
// those that can be held without a credential. They stand in the order of their waiting, so that
// one beyond the bound takes the place of the address's own. Of IPv6 the first 64 bits are the
// address, because whoever has one of a network can usually have them all.
//
// One thread.

#include <array>
#include <boost/intrusive/list.hpp>
#include <cstddef>
#include <cstdint>
#include <map>

#include "common/base/cidr.hpp"

namespace fanion::net {

class Connection;
struct AddressWaitingTag;
using AddressWaitingHook = boost::intrusive::list_base_hook<boost::intrusive::tag<AddressWaitingTag>,
                                                            boost::intrusive::link_mode<boost::intrusive::auto_unlink>>;

class ClientAddresses {
public:
    struct Entry {
        Entry();
        ~Entry();
        std::size_t connections = 0;  // that refer to it
        std::size_t waiting = 0;      // in the list
        boost::intrusive::list<Connection, boost::intrusive::base_hook<AddressWaitingHook>,
                               boost::intrusive::constant_time_size<false>>
            longest_first;
        std::array<std::uint8_t, 16> network{};
    };

    ClientAddresses();
    ~ClientAddresses();
    ClientAddresses(const ClientAddresses&) = delete;

    // Each enter() is followed by one leave().
    Entry& enter(const IpAddress& address);
    void leave(Entry& entry) noexcept;

private:
    std::map<std::array<std::uint8_t, 16>, Entry> entries_;
};

}  // namespace fanion::net
