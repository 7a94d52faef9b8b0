#pragma once
// HttpConnection: the protocol of one client connection as a state machine without a socket.

#include <atomic>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "shell/http.hpp"
#include "shell/listener.hpp"
#include "shell/listener_parser.hpp"
#include "shell/listener_peers.hpp"

namespace tocsin::shell {

/// What all connections of a listener share; outlives them.
struct HttpShared {
    ListenLimits limits;
    Admit admit;
    OnRequest on_request;
    OnRefused on_refused;
    /// The Reply for one request; its answer comes back through HttpConnection::answer().
    std::function<Reply(std::uint64_t connection, std::uint64_t request)> make_reply;
    ByteBudget bodies;
    PeerCounts untrusted;
    std::atomic<bool> draining{false};
};

struct HttpPeer {
    std::string address;  // without the port; empty for loopback, which is never capped
    std::string text;     // address and port
};

/// Fed with what the socket has, asked what it wants of it. `now` is the steady clock. An idle
/// connection holds no buffer.
class HttpConnection {
public:
    HttpConnection(HttpShared& shared, std::uint64_t id, HttpPeer peer, Duration now);
    ~HttpConnection();
    HttpConnection(const HttpConnection&) = delete;
    HttpConnection& operator=(const HttpConnection&) = delete;

    void received(std::string_view bytes, Duration now);
    void peer_ended();                           // end of file: the client sends nothing more
    void sent(std::size_t bytes, Duration now);  // of unsent()
    void answer(std::uint64_t request, HttpReply reply, Duration now);
    void expire(Duration now);  // deadline() has passed
    void drain();               // the listener stops

    [[nodiscard]] bool wants_read() const;
    [[nodiscard]] std::size_t read_bytes_max() const;
    [[nodiscard]] std::string_view unsent() const;
    [[nodiscard]] bool wants_half_close() const { return phase_ == Phase::lingering; }
    [[nodiscard]] bool finished() const { return phase_ == Phase::finished; }
    /// No request is under way: may be closed to make room for a newer connection.
    [[nodiscard]] bool evictable() const;
    [[nodiscard]] Duration deadline() const { return deadline_; }

private:
    enum class Phase : std::uint8_t { head, body, answering, writing, lingering, finished };

    void proceed(Duration now);
    bool read_head(Duration now);
    void begin(HttpHead head, Duration now);
    void expect_body(const HttpHead& head, Duration now);
    bool read_body(Duration now);
    bool take_body(std::string_view bytes);
    void dispatch(Duration now);
    void refuse(int status, std::string code, std::string message, Duration now);
    void write(HttpReply reply, bool keep_alive, Duration now);
    void finish_request(Duration now);
    bool over_peer_cap(bool trusted);

    HttpShared& shared_;
    const std::uint64_t id_;
    const HttpPeer peer_;
    Phase phase_ = Phase::head;
    bool keep_alive_ = false;
    bool head_only_ = false;  // the request was HEAD: its reply has no body
    bool counted_ = false;    // in shared_.untrusted
    bool body_over_budget_ = false;
    std::uint64_t request_ = 0;  // number of the request under way; a late answer names another
    Duration deadline_;
    std::string pending_;      // received, not yet used
    std::size_t scanned_ = 0;  // of pending_, for the end of the head
    HttpIn in_;
    std::unique_ptr<HttpParser> parser_;
    std::size_t body_bytes_max_ = 0;
    std::size_t charged_ = 0;  // of shared_.bodies
    std::string head_out_, body_out_;
    std::size_t out_sent_ = 0;
    std::size_t lingered_ = 0;
};

}  // namespace tocsin::shell
