#pragma once
// PeerSocket: blocking reads and writes of a connected socket, TLS or not, up to one deadline.

#include <sys/types.h>

#include "base/time.hpp"

struct ssl_st;

namespace tocsin::shell {

/// Neither the descriptor nor `tls` (null: plain TCP) belongs to it. The descriptor is made
/// non-blocking, so that no peer holds a call beyond `deadline` (of the steady clock) by dripping
/// the bytes of a TLS record.
class PeerSocket {
public:
    PeerSocket(int descriptor, ssl_st* tls, Duration deadline);

    /// Bytes read; 0 at the end of the stream; -1 when it broke or the deadline passed.
    [[nodiscard]] ssize_t read(char* to, std::size_t size);
    /// Bytes written, or -1.
    [[nodiscard]] ssize_t write(const char* from, std::size_t size);
    /// Bytes arrived that nobody has read yet, as far as one can tell without waiting.
    [[nodiscard]] bool unread() const;
    /// `events` as poll(2) has them; false at the deadline.
    [[nodiscard]] bool wait(short events) const;
    [[nodiscard]] int descriptor() const { return descriptor_; }

private:
    [[nodiscard]] short wanted(int result) const;

    int descriptor_;
    ssl_st* tls_;
    Duration deadline_;
};

/// True when a connection that should be silent has something to say: surplus bytes, or its end.
[[nodiscard]] bool has_stirred(int descriptor);

}  // namespace tocsin::shell
