#pragma once

// Lets one coroutine at a time through. One thread; may end before those who wait.

#include <boost/asio/awaitable.hpp>
#include <memory>

namespace fanion::net {

class Turns {
public:
    struct State;
    // The right to go on, which ends with the object.
    class Turn {
    public:
        explicit Turn(std::shared_ptr<State> state) : state_(std::move(state)) {}
        Turn(Turn&&) noexcept = default;
        Turn& operator=(Turn&&) = delete;
        ~Turn();

    private:
        std::shared_ptr<State> state_;  // null: moved from
    };

    Turns();
    // Waits while another has the turn.
    boost::asio::awaitable<Turn> take() { return take(state_); }

private:
    static boost::asio::awaitable<Turn> take(std::shared_ptr<State> state);

    std::shared_ptr<State> state_;  // turns that are taken may outlive this by one turn of the loop
};

}  // namespace fanion::net
