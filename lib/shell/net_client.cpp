// NetClient on cpp-httplib: what it lacks (cap, cut-off, header checks) is added here.
#include "shell/net_client.hpp"

#include <httplib.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <exception>
#include <map>
#include <mutex>
#include <utility>

#include "shell/clock.hpp"
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

}  // namespace

struct NetClient::State {
    explicit State(NetOptions given) : options(std::move(given)) {}

    /// A connection to one origin, with our own duplicate of its descriptor: stop() works on that,
    /// because the library's stop() waits for a lock that is held while it connects.
    struct Connection {
        std::unique_ptr<httplib::Client> client;
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

    Connection& connection_to(const std::string& origin);
    bool fresh_socket(Connection& connection, int descriptor);
    void begin(Connection& connection);
    bool end();
    Answer carry_once(Connection& connection, const HttpRequest& request, const Target& target,
                      Duration within, bool& retry);
};

NetClient::State::Connection& NetClient::State::connection_to(const std::string& origin) {
    Connection& connection = connections[origin];
    if (connection.client) return connection;
    connection.client = std::make_unique<httplib::Client>(origin);
    httplib::Client& client = *connection.client;
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
    const std::lock_guard lock(mutex);
    current = &connection;
    reused = connection.client->is_socket_open() != 0;
}

/// True when it was cut off.
bool NetClient::State::end() {
    const std::lock_guard lock(mutex);
    current = nullptr;
    return stopped;
}

Answer NetClient::State::carry_once(Connection& connection, const HttpRequest& request,
                                    const Target& target, Duration within, bool& retry) {
    httplib::Client& client = *connection.client;
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
            State::Connection& connection = state_->connection_to(target->origin);
            answer = state_->carry_once(connection, request, *target, within, retry);
            if (connection.client->is_socket_open() == 0) state_->connections.erase(target->origin);
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
