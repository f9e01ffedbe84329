// The function bodies of Asio and Beast, compiled once (see cmake/packages.cmake).

#include <boost/asio/impl/src.hpp>
#include <boost/asio/ssl/impl/src.hpp>
#include <boost/beast/src.hpp>
