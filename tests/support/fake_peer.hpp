#pragma once
// FakePeer: a raw HTTP server on a free loopback port whose script may lie in any way it likes.

#include <functional>
#include <mutex>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "support/raw_socket.hpp"

namespace tocsin::test {

/// The script runs once a connection, each in its own thread; number counts from 1. It reads with
/// read_reply() (requests have the same shape) and sends what it wants; returning closes.
class FakePeer {
public:
    using Script = std::function<void(RawSocket& socket, int number)>;

    explicit FakePeer(Script script) : script_(std::move(script)) {
        listening_ = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
        sockaddr_in at{};
        at.sin_family = AF_INET;
        at.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        ::bind(listening_, reinterpret_cast<sockaddr*>(&at), sizeof at);
        ::listen(listening_, 64);
        socklen_t size = sizeof at;
        ::getsockname(listening_, reinterpret_cast<sockaddr*>(&at), &size);
        port_ = ntohs(at.sin_port);
        acceptor_ = std::thread([this] { accept_all(); });
    }
    ~FakePeer() {
        ::shutdown(listening_, SHUT_RDWR);
        acceptor_.join();
        ::close(listening_);
        {
            const std::lock_guard lock(mutex_);
            for (const int descriptor : open_) {
                ::shutdown(descriptor, SHUT_RDWR);
                ::close(descriptor);
            }
        }
        for (std::thread& thread : connections_) thread.join();
    }
    FakePeer(const FakePeer&) = delete;
    FakePeer& operator=(const FakePeer&) = delete;

    [[nodiscard]] std::string url(const std::string& path = "/") const {
        return "http://127.0.0.1:" + std::to_string(port_) + path;
    }
    /// Requests that scripts noted with note().
    std::vector<std::string> noted() {
        const std::lock_guard lock(mutex_);
        return notes_;
    }
    void note(std::string text) {
        const std::lock_guard lock(mutex_);
        notes_.push_back(std::move(text));
    }

private:
    void accept_all() {
        for (int number = 1;; ++number) {
            const int descriptor = ::accept(listening_, nullptr, nullptr);
            if (descriptor < 0) return;
            {
                const std::lock_guard lock(mutex_);
                open_.push_back(::dup(descriptor));  // ours to shut down, whatever the script does
            }
            connections_.emplace_back([this, descriptor, number] {
                RawSocket socket = RawSocket::adopt(descriptor);
                script_(socket, number);
                ::shutdown(descriptor, SHUT_RDWR);
            });
        }
    }

    const Script script_;
    int listening_ = -1;
    int port_ = 0;
    std::thread acceptor_;
    std::mutex mutex_;
    std::vector<int> open_;
    std::vector<std::string> notes_;
    std::vector<std::thread> connections_;
};

}  // namespace tocsin::test
