// Asio and Beast themselves, compiled once (BOOST_ASIO/BEAST_SEPARATE_COMPILATION).
#include <boost/asio/impl/src.hpp>
#include <boost/beast/src.hpp>
