#pragma once
// RawSocket: a blocking TCP client on loopback that sends any bytes, for tests of servers.

#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <string>
#include <string_view>
#include <utility>

namespace tocsin::test {

/// Reads give up after 20 s, so that a broken server fails a test instead of hanging it.
class RawSocket {
public:
    RawSocket() = default;
    explicit RawSocket(int port) { connect(port); }
    static RawSocket adopt(int descriptor) {
        RawSocket socket;
        socket.descriptor_ = descriptor;
        return socket;
    }
    ~RawSocket() { close(); }
    RawSocket(RawSocket&& other) noexcept : descriptor_(std::exchange(other.descriptor_, -1)) {}
    RawSocket& operator=(RawSocket&& other) noexcept {
        std::swap(descriptor_, other.descriptor_);
        return *this;
    }

    bool connect(int port) {
        close();
        descriptor_ = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
        sockaddr_in to{};
        to.sin_family = AF_INET;
        to.sin_port = htons(static_cast<std::uint16_t>(port));
        to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        return ::connect(descriptor_, reinterpret_cast<sockaddr*>(&to), sizeof to) == 0;
    }
    /// All of it; false when the server has closed.
    bool send(std::string_view bytes) {
        while (!bytes.empty()) {
            const ssize_t sent = ::send(descriptor_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
            if (sent <= 0) return false;
            bytes.remove_prefix(static_cast<std::size_t>(sent));
        }
        return true;
    }
    void half_close() { ::shutdown(descriptor_, SHUT_WR); }
    void close() {
        if (descriptor_ >= 0) ::close(descriptor_);
        descriptor_ = -1;
    }
    /// What comes next; empty at the end of the stream, on a reset, or after 20 s.
    std::string read_some() {
        pollfd wait{.fd = descriptor_, .events = POLLIN, .revents = 0};
        if (::poll(&wait, 1, 20'000) != 1) return {};
        char bytes[16 * 1024];
        const ssize_t got = ::recv(descriptor_, bytes, sizeof bytes, 0);
        return got > 0 ? std::string(bytes, static_cast<std::size_t>(got)) : std::string();
    }
    std::string read_until_closed() {
        std::string all;
        for (std::string piece = read_some(); !piece.empty(); piece = read_some()) all += piece;
        return all;
    }
    /// One reply: head, and as many body bytes as its Content-Length says. Bytes behind it stay
    /// for the next call.
    std::string read_reply(bool has_body = true) {
        while (true) {
            const std::size_t ends = buffer_.find("\r\n\r\n");
            if (ends != std::string::npos) {
                const std::size_t at = buffer_.find("Content-Length: ");
                std::size_t size = ends + 4;
                if (has_body && at < ends) {
                    size += static_cast<std::size_t>(std::stoul(buffer_.substr(at + 16)));
                }
                if (buffer_.size() >= size) {
                    std::string reply = buffer_.substr(0, size);
                    buffer_.erase(0, size);
                    return reply;
                }
            }
            const std::string piece = read_some();
            if (piece.empty()) return std::exchange(buffer_, {});
            buffer_ += piece;
        }
    }
    [[nodiscard]] int descriptor() const { return descriptor_; }

private:
    int descriptor_ = -1;
    std::string buffer_;
};

/// 0 when the text is no HTTP reply.
inline int status_of(const std::string& reply) {
    return reply.starts_with("HTTP/1.1 ") && reply.size() > 12 ? std::stoi(reply.substr(9, 3)) : 0;
}

inline std::string body_of(const std::string& reply) {
    const std::size_t ends = reply.find("\r\n\r\n");
    return ends == std::string::npos ? std::string() : reply.substr(ends + 4);
}

}  // namespace tocsin::test
