#pragma once
// Listener: the bounded HTTP/1.1 server in front of the engine; sockets live only behind it.

#include <memory>
#include <optional>
#include <string>

#include "base/result.hpp"
#include "base/time.hpp"
#include "core/limits.hpp"
#include "shell/http.hpp"

namespace tocsin::shell {

/// The bounds of design §3; tests shrink them.
struct ListenLimits {
    std::size_t connections_max = core::limits::connections_max;
    std::size_t header_bytes_max = core::limits::header_bytes_max;
    std::size_t bodies_in_flight_bytes_max = core::limits::bodies_in_flight_bytes_max;
    std::size_t untrusted_connections_per_peer_max =
        core::limits::untrusted_connections_per_peer_max;
    Duration head_within = core::limits::head_within;      // from a request's first byte
    Duration body_within = core::limits::body_within;      // plus the time its size takes
    Duration answer_within = core::limits::answer_within;  // then 503
    Duration write_within = core::limits::write_within;    // plus the time its size takes
    Duration idle_within = core::limits::idle_within;      // between two requests
    Duration linger_within = core::limits::linger_within;
};

struct ListenOptions {
    std::string address = "127.0.0.1:9120";  // "[::1]:0", ":9120"; port 0 picks a free one
    std::optional<int> inherited_fd = {};    // a listening socket from systemd; wins over `address`
    ListenLimits limits = {};
    int io_threads = 2;
    bool loopback_is_capped = false;  // tests only: treats loopback peers as remote ones
};

/// Serves until it is destroyed. `admit` and `on_refused` run on listener threads.
class Listener {
public:
    virtual ~Listener() = default;
    [[nodiscard]] virtual int port() const = 0;
    /// Connections that may be open at once, after scaling to the descriptor limit.
    [[nodiscard]] virtual std::size_t connections_max() const = 0;
    [[nodiscard]] virtual std::size_t connections() const = 0;
    /// What the operator should know at start (too few descriptors); empty when there is nothing.
    [[nodiscard]] virtual const std::string& note() const = 0;
    /// Accepts nothing more, closes idle connections, lets requests under way finish. Returns at
    /// once, so that the caller's thread can still answer them.
    virtual void drain() = 0;
    /// Drains, waits until every connection is gone or `grace` has passed, and ends the threads.
    virtual void stop(Duration grace) = 0;
};

/// Errors: `bad_address`, `address_in_use`, `listen` (with what the system said).
[[nodiscard]] Result<std::unique_ptr<Listener>> listen(ListenOptions options, Admit admit,
                                                       OnRequest on_request, OnRefused on_refused);

}  // namespace tocsin::shell
