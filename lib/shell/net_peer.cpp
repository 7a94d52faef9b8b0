// PeerSocket on poll(2), recv(2), send(2) and OpenSSL.
#include "shell/net_peer.hpp"

#include <fcntl.h>
#include <openssl/err.h>
#include <openssl/ssl.h>
#include <poll.h>
#include <sys/socket.h>

#include <algorithm>
#include <cerrno>
#include <limits>

#include "shell/clock.hpp"

namespace tocsin::shell {
namespace {

int clamped(std::size_t size) {
    constexpr auto int_max = static_cast<std::size_t>(std::numeric_limits<int>::max());
    return static_cast<int>(std::min(size, int_max));
}

bool would_block(int error) {
    return error == EAGAIN || error == EWOULDBLOCK || error == EINTR;
}

}  // namespace

PeerSocket::PeerSocket(int descriptor, ssl_st* tls, Duration deadline)
    : descriptor_(descriptor), tls_(tls), deadline_(deadline) {
    ::fcntl(descriptor, F_SETFL, ::fcntl(descriptor, F_GETFL) | O_NONBLOCK);
}

bool PeerSocket::wait(short events) const {
    while (true) {
        const Duration left = deadline_ - steady_now();
        if (left <= Duration::zero()) return false;
        const auto left_ms = std::chrono::ceil<std::chrono::milliseconds>(left).count();
        pollfd polled{.fd = descriptor_, .events = events, .revents = 0};
        const int ready = ::poll(&polled, 1, clamped(static_cast<std::size_t>(left_ms)));
        if (ready > 0) return true;
        if (ready < 0 && errno != EINTR) return false;
    }
}

/// What to wait for after OpenSSL's `result`; 0 when there is nothing left to wait for.
short PeerSocket::wanted(int result) const {
    switch (SSL_get_error(tls_, result)) {
        case SSL_ERROR_WANT_READ:
            return POLLIN;
        case SSL_ERROR_WANT_WRITE:
            return POLLOUT;
        default:
            return 0;
    }
}

ssize_t PeerSocket::read(char* to, std::size_t size) {
    while (true) {
        short events = POLLIN;
        if (tls_ != nullptr) {
            ERR_clear_error();
            const int got = SSL_read(tls_, to, clamped(size));
            if (got > 0) return got;
            if (SSL_get_error(tls_, got) == SSL_ERROR_ZERO_RETURN) return 0;
            events = wanted(got);
            if (events == 0) return -1;
        } else {
            const ssize_t got = ::recv(descriptor_, to, size, 0);
            if (got >= 0) return got;
            if (!would_block(errno)) return -1;
        }
        if (!wait(events)) return -1;
    }
}

ssize_t PeerSocket::write(const char* from, std::size_t size) {
    while (true) {
        short events = POLLOUT;
        if (tls_ != nullptr) {
            ERR_clear_error();
            const int put = SSL_write(tls_, from, clamped(size));
            if (put > 0) return put;
            events = wanted(put);
            if (events == 0) return -1;
        } else {
            const ssize_t put = ::send(descriptor_, from, size, MSG_NOSIGNAL);
            if (put >= 0) return put;
            if (!would_block(errno)) return -1;
        }
        if (!wait(events)) return -1;
    }
}

bool PeerSocket::unread() const {
    return tls_ != nullptr && SSL_pending(tls_) > 0;
}

bool has_stirred(int descriptor) {
    pollfd polled{.fd = descriptor, .events = POLLIN, .revents = 0};
    return ::poll(&polled, 1, 0) != 0;
}

}  // namespace tocsin::shell
