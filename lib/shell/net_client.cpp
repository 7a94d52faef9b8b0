// NetClient on cpp-httplib: what it lacks (bounds, cut-off, checks of heads) is added here.
#include "shell/net_client.hpp"

#include <httplib.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <exception>
#include <map>
#include <mutex>
#include <utility>

#include "core/limits.hpp"
#include "shell/clock.hpp"
#include "shell/net_head.hpp"
#include "shell/net_peer.hpp"
#include "shell/net_request.hpp"

namespace tocsin::shell {
namespace {

using integrations::Answer;
using integrations::HttpRequest;

Answer no_answer(Answer::Kind kind, std::string error) {
    return {.kind = kind, .status = 0, .headers = {}, .body = {}, .error = std::move(error)};
}

std::string lower(std::string text) {
    std::transform(text.begin(), text.end(), text.begin(), [](char byte) {
        return byte >= 'A' && byte <= 'Z' ? static_cast<char>(byte - 'A' + 'a') : byte;
    });
    return text;
}

/// Only what fails before a request is written was certainly not received.
Answer failure(httplib::Error error, const std::string& origin) {
    switch (error) {
        case httplib::Error::Connection:
        case httplib::Error::ConnectionTimeout:
        case httplib::Error::BindIPAddress:
            return no_answer(Answer::Kind::unreachable, "cannot connect to " + origin);
        case httplib::Error::SSLConnection:
            return no_answer(Answer::Kind::unreachable,
                             "the TLS handshake with " + origin + " failed");
        case httplib::Error::SSLLoadingCerts:
            return no_answer(Answer::Kind::unreachable, "the trusted certificates cannot be read");
        case httplib::Error::SSLServerVerification:
            return no_answer(Answer::Kind::unreachable,
                             "the certificate of " + origin + " is not trusted");
        case httplib::Error::Success:
        case httplib::Error::Unknown:
        case httplib::Error::Read:
        case httplib::Error::Write:
        case httplib::Error::ExceedRedirectCount:
        case httplib::Error::Canceled:
        case httplib::Error::UnsupportedMultipartBoundaryChars:
        case httplib::Error::Compression:
            break;
    }
    return no_answer(Answer::Kind::broken, "the connection to " + origin + " broke off");
}

/// What is known of one request and its answer beside the library.
struct Exchange {
    Duration deadline{};
    std::string refused;   // why the answer was not read on; empty: it was
    bool surplus = false;  // there was more than the answer: the connection is not to be used again
};

/// What the library reads and writes: only heads that were checked, and no line without an end.
class CheckedStream final : public httplib::Stream {
public:
    CheckedStream(PeerSocket socket, Exchange& exchange) : socket_(socket), exchange_(exchange) {}

    bool is_readable() const override { return socket_.wait(POLLIN); }
    bool is_writable() const override { return socket_.wait(POLLOUT); }
    ssize_t read(char* to, std::size_t size) override;
    ssize_t write(const char* from, std::size_t size) override { return socket_.write(from, size); }
    void get_remote_ip_and_port(std::string&, int&) const override {}
    void get_local_ip_and_port(std::string&, int&) const override {}
    socket_t socket() const override { return socket_.descriptor(); }

    /// After the last read: a chunked body ends with an empty line. The library takes one that
    /// runs into rubbish for whole. `open`: the library has not closed the socket meanwhile.
    [[nodiscard]] bool finish(bool open);

private:
    [[nodiscard]] ssize_t read_head();
    [[nodiscard]] ssize_t refuse(std::string why);
    void follow(std::string_view bytes);

    PeerSocket socket_;
    Exchange& exchange_;
    HeadReader head_;
    std::size_t taken_ = 0;       // of the bytes in head_, which then serves as the buffer
    std::size_t line_bytes_ = 0;  // since the last line's end, of bytes read one by one
    std::string tail_;            // the last four bytes
};

ssize_t CheckedStream::refuse(std::string why) {
    exchange_.refused = std::move(why);
    return -1;
}

/// 1, or what read() returns instead.
ssize_t CheckedStream::read_head() {
    std::array<char, 4096> piece;
    while (!head_.complete()) {
        const ssize_t got = socket_.read(piece.data(), piece.size());
        if (got <= 0) return got;
        const Status fit = head_.take({piece.data(), static_cast<std::size_t>(got)});
        if (!fit) return refuse(fit.error().message);
    }
    return 1;
}

ssize_t CheckedStream::read(char* to, std::size_t size) {
    if (!exchange_.refused.empty()) return -1;
    if (!head_.complete()) {
        if (const ssize_t result = read_head(); result <= 0) return result;
    }
    std::string& buffer = head_.bytes();
    if (taken_ == buffer.size()) {
        taken_ = 0;
        buffer.resize(4096);
        const ssize_t got = socket_.read(buffer.data(), buffer.size());
        buffer.resize(got > 0 ? static_cast<std::size_t>(got) : 0);
        if (got <= 0) return got;
    }
    const std::size_t count = buffer.copy(to, size, taken_);
    taken_ += count;
    follow({to, count});
    if (line_bytes_ > core::limits::answer_line_bytes_max) return refuse("sent an endless line");
    return static_cast<ssize_t>(count);
}

/// The library reads lines byte by byte, and bodies in larger pieces.
void CheckedStream::follow(std::string_view bytes) {
    line_bytes_ = bytes.size() == 1 && bytes.front() != '\n' ? line_bytes_ + 1 : 0;
    tail_ += bytes.substr(bytes.size() - std::min<std::size_t>(bytes.size(), 4));
    if (tail_.size() > 4) tail_.erase(0, tail_.size() - 4);
}

bool CheckedStream::finish(bool open) {
    exchange_.surplus = taken_ < head_.bytes().size() || (open && socket_.unread());
    if (!head_.complete() || !head_.chunked() || tail_ == "\r\n\r\n") return true;
    exchange_.refused = "sent chunks that do not fit together";
    return false;
}

/// The library's client (ClientImpl or SSLClient) with our stream between it and its socket.
template <class Base>
class Checked final : public Base {
public:
    Checked(const Target& target, Exchange& exchange)
        : Base(target.host, target.port), exchange_(exchange) {}

private:
    using Callback = std::function<bool(httplib::Stream&)>;
    bool process_socket(const typename Base::Socket& socket, Callback callback) override {
        CheckedStream stream(PeerSocket(socket.sock, socket.ssl, exchange_.deadline), exchange_);
        return callback(stream) && stream.finish(socket.is_open());
    }

    Exchange& exchange_;
};

}  // namespace

struct NetClient::State {
    explicit State(NetOptions given) : options(std::move(given)) {}

    /// A connection to one origin, with our own duplicate of its descriptor: stop() works on that,
    /// because the library's stop() waits for a lock that is held while it connects.
    struct Connection {
        std::unique_ptr<httplib::ClientImpl> client;
        Exchange exchange;
        int descriptor = -1;
        Connection() = default;
        Connection(const Connection&) = delete;
        Connection& operator=(const Connection&) = delete;
        ~Connection() {
            if (descriptor >= 0) ::close(descriptor);
        }
    };

    const NetOptions options;
    std::map<std::string, Connection> connections;  // by origin; touched by carry()'s thread only
    mutable std::mutex mutex;                       // guards what stop() looks at:
    Connection* current = nullptr;
    bool stopped = false;
    bool reused = false;

    Connection& connection_to(const Target& target);
    bool fresh_socket(Connection& connection, int descriptor);
    void begin(Connection& connection);
    bool end();
    Answer carry_once(Connection& connection, const HttpRequest& request, const Target& target,
                      Duration within, bool& retry);
};

NetClient::State::Connection& NetClient::State::connection_to(const Target& target) {
    // What a peer says unasked (a late answer, its timeout, its end) answers no request of ours.
    const auto known = connections.find(target.origin);
    if (known != connections.end() && has_stirred(known->second.descriptor)) {
        connections.erase(known);
    }
    Connection& connection = connections[target.origin];
    if (connection.client) return connection;
    if (target.tls) {
        connection.client =
            std::make_unique<Checked<httplib::SSLClient>>(target, connection.exchange);
    } else {
        connection.client =
            std::make_unique<Checked<httplib::ClientImpl>>(target, connection.exchange);
    }
    httplib::ClientImpl& client = *connection.client;
    client.set_keep_alive(true);
    client.set_follow_location(false);
    client.set_url_encode(false);
    client.set_decompress(false);
    client.set_tcp_nodelay(true);
    client.enable_server_certificate_verification(true);
    if (!options.ca_file.empty()) client.set_ca_cert_path(options.ca_file);
    client.set_socket_options([this, &connection](int descriptor) {
        if (!fresh_socket(connection, descriptor)) ::shutdown(descriptor, SHUT_RDWR);
    });
    return connection;
}

bool NetClient::State::fresh_socket(Connection& connection, int descriptor) {
    const std::lock_guard lock(mutex);
    if (connection.descriptor >= 0) ::close(connection.descriptor);
    connection.descriptor = ::dup(descriptor);
    reused = false;
    return !stopped;
}

void NetClient::State::begin(Connection& connection) {
    const bool open = connection.client->is_socket_open() != 0;  // by a lock held around ours
    const std::lock_guard lock(mutex);
    current = &connection;
    reused = open;
}

/// True when it was cut off.
bool NetClient::State::end() {
    const std::lock_guard lock(mutex);
    current = nullptr;
    return stopped;
}

Answer NetClient::State::carry_once(Connection& connection, const HttpRequest& request,
                                    const Target& target, Duration within, bool& retry) {
    httplib::ClientImpl& client = *connection.client;
    connection.exchange = {.deadline = steady_now() + within, .refused = {}, .surplus = false};
    client.set_connection_timeout(within);
    client.set_read_timeout(within);
    client.set_write_timeout(within);
    httplib::Request out;
    out.method = request.method;
    out.path = target.path;
    out.body = request.body;
    for (const auto& [name, value] : request.headers) out.headers.emplace(name, value);
    if (!out.has_header("User-Agent")) out.headers.emplace("User-Agent", options.user_agent);
    std::string body;
    bool too_large = false;
    bool any_answer = false;
    out.response_handler = [&](const httplib::Response&) { return any_answer = true; };
    out.content_receiver = [&](const char* bytes, std::size_t size, std::uint64_t, std::uint64_t) {
        too_large = body.size() + size > request.response_bytes_max;
        if (!too_large) body.append(bytes, size);
        return !too_large;
    };
    begin(connection);
    const httplib::Result result = client.send(out);
    const bool was_reused = reused;
    const bool cut_off = end();
    if (result) {
        Answer answer{.kind = Answer::Kind::answered,
                      .status = result->status,
                      .headers = {},
                      .body = std::move(body),
                      .error = {}};
        for (const auto& [name, value] : result->headers) {
            answer.headers.emplace_back(lower(name), value);
        }
        return answer;
    }
    if (too_large) {
        return no_answer(Answer::Kind::broken, "the answer of " + target.origin + " is over " +
                                                   std::to_string(request.response_bytes_max) +
                                                   " bytes");
    }
    if (!connection.exchange.refused.empty()) {
        return no_answer(Answer::Kind::broken,
                         "the peer " + target.origin + " " + connection.exchange.refused);
    }
    const bool broke =
        result.error() == httplib::Error::Read || result.error() == httplib::Error::Write;
    retry = was_reused && broke && !any_answer && !cut_off;
    return failure(result.error(), target.origin);
}

NetClient::NetClient(NetOptions options) : state_(std::make_unique<State>(std::move(options))) {}

NetClient::~NetClient() = default;

Answer NetClient::carry(const HttpRequest& request) {
    const Result<Target> target = split_url(request.url);
    // An error of ours, found before a byte left: sending it again would not help.
    if (!target) return no_answer(Answer::Kind::unreachable, target.error().message);
    const Status fit = check_request(request, *target);
    if (!fit) return no_answer(Answer::Kind::unreachable, fit.error().message);
    {
        const std::lock_guard lock(state_->mutex);
        state_->stopped = false;
    }
    const Duration deadline = steady_now() + request.timeout;
    bool retry = false;
    Answer answer;
    for (int attempt = 0; attempt < 2; ++attempt) {
        const Duration within = std::max(deadline - steady_now(), Duration(milliseconds(1)));
        try {
            State::Connection& connection = state_->connection_to(*target);
            answer = state_->carry_once(connection, request, *target, within, retry);
            if (connection.client->is_socket_open() == 0 || connection.exchange.surplus) {
                state_->connections.erase(target->origin);
            }
        } catch (const std::exception& trouble) {
            state_->end();
            state_->connections.erase(target->origin);
            return no_answer(Answer::Kind::broken, std::string("HTTP client: ") + trouble.what());
        }
        if (!std::exchange(retry, false)) break;
        state_->connections.erase(target->origin);
    }
    return answer;
}

void NetClient::stop() {
    const std::lock_guard lock(state_->mutex);
    state_->stopped = true;
    if (state_->current == nullptr || state_->current->descriptor < 0) return;
    ::shutdown(state_->current->descriptor, SHUT_RDWR);
}

bool NetClient::may_have_sent() const {
    const std::lock_guard lock(state_->mutex);
    if (state_->current == nullptr) return true;
    if (state_->reused) return true;
    if (state_->current->descriptor < 0) return false;  // still looking the name up
    tcp_info info{};
    socklen_t size = sizeof info;
    if (getsockopt(state_->current->descriptor, IPPROTO_TCP, TCP_INFO, &info, &size) != 0) {
        return true;
    }
    return info.tcpi_state != TCP_SYN_SENT;
}

}  // namespace tocsin::shell
