// The listening socket: resolve, bind, listen, accept, and the descriptor limit.
#include "shell/listener_socket.hpp"

#include <arpa/inet.h>
#include <fcntl.h>
#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <memory>

#include "core/limits.hpp"

namespace tocsin::shell {
namespace {

/// Above the storm of design §3; the kernel cuts it to net.core.somaxconn.
constexpr int backlog = 16'384;
constexpr std::size_t connections_min = 16;

struct HostPort {
    std::string host;
    std::string port;
};

std::optional<HostPort> split_address(const std::string& address) {
    const std::size_t colon = address.rfind(':');
    if (colon == std::string::npos) return std::nullopt;
    HostPort parts{.host = address.substr(0, colon), .port = address.substr(colon + 1)};
    const bool digits = !parts.port.empty() && parts.port.size() <= 5 &&
                        parts.port.find_first_not_of("0123456789") == std::string::npos;
    if (!digits || std::stoi(parts.port) > 65'535) return std::nullopt;
    if (parts.host.starts_with('[') && parts.host.ends_with(']')) {
        parts.host = parts.host.substr(1, parts.host.size() - 2);
    } else if (parts.host.find(':') != std::string::npos) {
        return std::nullopt;
    }
    return parts;
}

std::string reason() {
    return std::strerror(errno);
}

Error listen_error(const std::string& address) {
    if (errno == EADDRINUSE) {
        return {.code = "address_in_use",
                .message = address + " is in use by another process; stop it or change `listen`"};
    }
    return {.code = "listen", .message = "cannot listen on " + address + ": " + reason()};
}

Result<int> bind_and_listen(const addrinfo& info, const std::string& address) {
    const int descriptor =
        socket(info.ai_family, info.ai_socktype | SOCK_NONBLOCK | SOCK_CLOEXEC, info.ai_protocol);
    if (descriptor < 0) return listen_error(address);
    const int on = 1;
    setsockopt(descriptor, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
    if (bind(descriptor, info.ai_addr, info.ai_addrlen) != 0 ||
        ::listen(descriptor, backlog) != 0) {
        Error error = listen_error(address);
        close(descriptor);
        return error;
    }
    return descriptor;
}

HttpPeer describe(const sockaddr_storage& from, bool loopback_is_capped) {
    char text[INET6_ADDRSTRLEN] = "";
    if (from.ss_family == AF_INET) {
        sockaddr_in four{};
        std::memcpy(&four, &from, sizeof four);
        inet_ntop(AF_INET, &four.sin_addr, text, sizeof text);
        const bool loopback = (ntohl(four.sin_addr.s_addr) >> 24U) == 127;
        return {.address = loopback && !loopback_is_capped ? "" : text,
                .text = std::string(text) + ':' + std::to_string(ntohs(four.sin_port))};
    }
    if (from.ss_family == AF_INET6) {
        sockaddr_in6 six{};
        std::memcpy(&six, &from, sizeof six);
        inet_ntop(AF_INET6, &six.sin6_addr, text, sizeof text);
        const bool loopback =
            std::string_view(text) == "::1" || std::string_view(text).starts_with("::ffff:127.");
        return {.address = loopback && !loopback_is_capped ? "" : text,
                .text = '[' + std::string(text) + "]:" + std::to_string(ntohs(six.sin6_port))};
    }
    return {.address = "", .text = "local"};
}

}  // namespace

Result<int> open_listening_socket(const std::string& address) {
    const auto parts = split_address(address);
    if (!parts) {
        return Error{.code = "bad_address",
                     .message = "`" + address + "` is not HOST:PORT, as in 127.0.0.1:9120",
                     .field = "listen"};
    }
    addrinfo hints{};
    hints.ai_family = AF_UNSPEC;
    hints.ai_socktype = SOCK_STREAM;
    hints.ai_flags = AI_PASSIVE | AI_NUMERICSERV;
    addrinfo* found = nullptr;
    const char* host = parts->host.empty() ? nullptr : parts->host.c_str();
    const int failed = getaddrinfo(host, parts->port.c_str(), &hints, &found);
    const std::unique_ptr<addrinfo, decltype(&freeaddrinfo)> owner(found, &freeaddrinfo);
    if (failed != 0) {
        return Error{.code = "bad_address",
                     .message = "cannot listen on " + address + ": " + gai_strerror(failed),
                     .field = "listen"};
    }
    // Without a host the IPv6 socket serves both families; elsewhere the first answer is taken.
    const addrinfo* chosen = found;
    for (const addrinfo* info = found; host == nullptr && info != nullptr; info = info->ai_next) {
        if (info->ai_family == AF_INET6) chosen = info;
    }
    Result<int> opened = bind_and_listen(*chosen, address);
    if (!opened && chosen != found) return bind_and_listen(*found, address);
    return opened;
}

Result<int> adopt_listening_socket(int descriptor) {
    int listens = 0;
    socklen_t size = sizeof listens;
    if (getsockopt(descriptor, SOL_SOCKET, SO_ACCEPTCONN, &listens, &size) != 0 || listens == 0) {
        return Error{.code = "listen",
                     .message = "descriptor " + std::to_string(descriptor) +
                                " handed over by systemd is not a listening socket"};
    }
    fcntl(descriptor, F_SETFL, fcntl(descriptor, F_GETFL) | O_NONBLOCK);
    fcntl(descriptor, F_SETFD, FD_CLOEXEC);
    return descriptor;
}

int port_of(int descriptor) {
    sockaddr_storage bound{};
    socklen_t size = sizeof bound;
    // The cast is the sockets API's own way to a generic address.
    if (getsockname(descriptor, reinterpret_cast<sockaddr*>(&bound), &size) != 0) return 0;
    if (bound.ss_family == AF_INET) {
        sockaddr_in four{};
        std::memcpy(&four, &bound, sizeof four);
        return ntohs(four.sin_port);
    }
    if (bound.ss_family != AF_INET6) return 0;
    sockaddr_in6 six{};
    std::memcpy(&six, &bound, sizeof six);
    return ntohs(six.sin6_port);
}

AcceptTrouble accept_one(int listening, bool loopback_is_capped, Accepted& accepted) {
    while (true) {
        sockaddr_storage from{};
        socklen_t size = sizeof from;
        accepted.descriptor = accept4(listening, reinterpret_cast<sockaddr*>(&from), &size,
                                      SOCK_NONBLOCK | SOCK_CLOEXEC);
        if (accepted.descriptor >= 0) {
            const int on = 1;
            setsockopt(accepted.descriptor, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
            accepted.peer = describe(from, loopback_is_capped);
            return AcceptTrouble::none;
        }
        if (errno == EMFILE || errno == ENFILE || errno == ENOBUFS || errno == ENOMEM) {
            return AcceptTrouble::no_descriptors;
        }
        if (errno == EAGAIN || errno == EWOULDBLOCK) return AcceptTrouble::nothing_waits;
        if (errno == EBADF || errno == EINVAL || errno == ENOTSOCK) {
            return AcceptTrouble::nothing_waits;
        }
        // Whatever else accept(2) reports is the fate of one connection: take the next.
    }
}

std::size_t connections_that_fit(std::size_t wanted, std::string& note) {
    rlimit limit{};
    if (getrlimit(RLIMIT_NOFILE, &limit) != 0) return wanted;
    if (limit.rlim_cur < limit.rlim_max) {
        limit.rlim_cur = limit.rlim_max;
        setrlimit(RLIMIT_NOFILE, &limit);
        getrlimit(RLIMIT_NOFILE, &limit);
    }
    const auto descriptors = static_cast<std::size_t>(limit.rlim_cur);
    const std::size_t reserved = core::limits::descriptors_reserved;
    if (descriptors >= wanted + reserved) return wanted;
    const std::size_t fit = descriptors > reserved
                                ? std::max(descriptors - reserved, connections_min)
                                : connections_min;
    note = "only " + std::to_string(descriptors) + " file descriptors: at most " +
           std::to_string(fit) + " connections instead of " + std::to_string(wanted) +
           "; raise LimitNOFILE";
    return std::min(fit, wanted);
}

}  // namespace tocsin::shell
