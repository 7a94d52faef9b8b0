#pragma once
// The listening socket and its descriptors: plain POSIX, so that every error is ours to word.

#include <cstddef>
#include <optional>
#include <string>

#include "base/result.hpp"
#include "shell/listener_connection.hpp"

namespace tocsin::shell {

/// Binds and listens on `HOST:PORT`, `[IPV6]:PORT` or `:PORT` (every address). Returns a
/// non-blocking descriptor. Errors: `bad_address`, `address_in_use`, `listen`.
[[nodiscard]] Result<int> open_listening_socket(const std::string& address);

/// Makes a descriptor handed over by systemd non-blocking; an error if it does not listen.
[[nodiscard]] Result<int> adopt_listening_socket(int descriptor);

/// 0 for what is not an internet socket.
[[nodiscard]] int port_of(int descriptor);

struct Accepted {
    int descriptor = -1;
    HttpPeer peer;
};
enum class AcceptTrouble : std::uint8_t { none, nothing_waits, no_descriptors };

/// The next waiting connection, non-blocking and without Nagle's delay.
[[nodiscard]] AcceptTrouble accept_one(int listening, bool loopback_is_capped, Accepted& accepted);

/// Raises the soft descriptor limit to the hard one and says how many connections fit, at most
/// `wanted`; `note` is set when fewer do.
[[nodiscard]] std::size_t connections_that_fit(std::size_t wanted, std::string& note);

}  // namespace tocsin::shell
