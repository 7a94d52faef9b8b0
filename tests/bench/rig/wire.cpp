// Messages framed by Content-Length or chunks, over non-blocking sockets.
#include "wire.hpp"

#include <arpa/inet.h>
#include <netinet/tcp.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <charconv>
#include <cstring>
#include <utility>

namespace tocsin::bench {
namespace {

constexpr int backlog = 16'384;

sockaddr_in loopback(std::uint16_t port) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(port);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    return address;
}

int new_socket() {
    const int descriptor = ::socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    const int on = 1;
    if (descriptor >= 0) ::setsockopt(descriptor, IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on));
    return descriptor;
}

/// The value of a header, found without regard to case; empty if there is none.
std::string_view header(std::string_view head, std::string_view name) {
    for (std::size_t at = head.find("\r\n"); at != std::string_view::npos;
         at = head.find("\r\n", at + 2)) {
        const std::string_view line = head.substr(at + 2, head.find("\r\n", at + 2) - at - 2);
        if (line.size() <= name.size() || line[name.size()] != ':') continue;
        if (::strncasecmp(line.data(), name.data(), name.size()) != 0) continue;
        const std::size_t begin = line.find_first_not_of(' ', name.size() + 1);
        return begin == std::string_view::npos ? std::string_view() : line.substr(begin);
    }
    return {};
}

/// Where the message at the front of `in` ends; npos while it is not whole.
std::size_t end_of_message(std::string_view in, std::size_t head_end) {
    const std::string_view head = in.substr(0, head_end);
    const std::size_t body = head_end + 4;
    if (header(head, "transfer-encoding") == "chunked") {
        const std::size_t last = in.find("0\r\n\r\n", body);
        return last == std::string_view::npos ? last : last + 5;
    }
    const std::string_view length_text = header(head, "content-length");
    std::size_t length = 0;
    std::from_chars(length_text.data(), length_text.data() + length_text.size(), length);
    return in.size() < body + length ? std::string_view::npos : body + length;
}

}  // namespace

double now_us() {
    timespec now{};
    ::clock_gettime(CLOCK_MONOTONIC, &now);
    return static_cast<double>(now.tv_sec) * 1e6 + static_cast<double>(now.tv_nsec) / 1e3;
}

Connection::Connection(int descriptor, OnMessage on_message)
    : descriptor_(descriptor), on_message_(std::move(on_message)) {}

Connection::~Connection() {
    ::close(descriptor_);
}

void Connection::send(std::string_view bytes) {
    const bool idle = written_ == out_.size();
    out_.append(bytes);
    if (idle) write_some();
}

bool Connection::ready(bool readable, bool writable) {
    if (writable) write_some();
    if (readable) read_all();
    return open_;
}

void Connection::read_all() {
    std::array<char, 65'536> buffer;
    while (open_) {
        const ssize_t count = ::recv(descriptor_, buffer.data(), buffer.size(), 0);
        if (count > 0) {
            in_.append(buffer.data(), static_cast<std::size_t>(count));
        } else {
            if (count == 0 || (errno != EAGAIN && errno != EINTR)) open_ = false;
            break;
        }
    }
    take_messages();
}

void Connection::take_messages() {
    std::size_t taken = 0;
    while (taken < in_.size()) {
        const std::string_view rest = std::string_view(in_).substr(taken);
        const std::size_t head_end = rest.find("\r\n\r\n");
        if (head_end == std::string_view::npos) break;
        const std::size_t end = end_of_message(rest, head_end);
        if (end == std::string_view::npos) break;
        taken += end;
        const Message message{.start_line = rest.substr(0, rest.find("\r\n")),
                              .body = rest.substr(head_end + 4, end - head_end - 4)};
        on_message_(*this, message);
    }
    in_.erase(0, taken);
}

void Connection::write_some() {
    while (open_ && written_ < out_.size()) {
        const ssize_t count =
            ::send(descriptor_, out_.data() + written_, out_.size() - written_, MSG_NOSIGNAL);
        if (count < 0) {
            if (errno == EAGAIN || errno == EINTR || errno == ENOTCONN) return;
            open_ = false;
            return;
        }
        written_ += static_cast<std::size_t>(count);
    }
    out_.clear();
    written_ = 0;
}

Loop::Loop() : epoll_(::epoll_create1(EPOLL_CLOEXEC)) {}

Loop::~Loop() {
    connections_.clear();
    if (listener_ >= 0) ::close(listener_);
    ::close(epoll_);
}

// Edge-triggered in both directions, so that nothing is to be changed when a write is cut short.
Connection* Loop::add(int descriptor, OnMessage on_message) {
    epoll_event event{};
    event.events = EPOLLIN | EPOLLOUT | EPOLLRDHUP | EPOLLET;
    event.data.fd = descriptor;
    ::epoll_ctl(epoll_, EPOLL_CTL_ADD, descriptor, &event);
    const auto slot = static_cast<std::size_t>(descriptor);
    if (connections_.size() <= slot) {
        connections_.resize(slot + 1);
        is_accepted_.resize(slot + 1);
    }
    is_accepted_[slot] = false;
    connections_[slot] = std::make_unique<Connection>(descriptor, std::move(on_message));
    return connections_[slot].get();
}

Connection* Loop::connect(std::uint16_t port, OnMessage on_message) {
    const int descriptor = new_socket();
    if (descriptor < 0) return nullptr;
    const sockaddr_in address = loopback(port);
    const auto* generic = reinterpret_cast<const sockaddr*>(&address);
    if (::connect(descriptor, generic, sizeof(address)) != 0 && errno != EINPROGRESS) {
        ::close(descriptor);
        return nullptr;
    }
    return add(descriptor, std::move(on_message));
}

std::uint16_t Loop::listen(OnMessage on_message) {
    listener_ = new_socket();
    sockaddr_in address = loopback(0);
    socklen_t size = sizeof(address);
    auto* generic = reinterpret_cast<sockaddr*>(&address);
    if (listener_ < 0 || ::bind(listener_, generic, size) != 0 ||
        ::listen(listener_, backlog) != 0 || ::getsockname(listener_, generic, &size) != 0) {
        return 0;
    }
    epoll_event event{};
    event.events = EPOLLIN;
    event.data.fd = listener_;
    ::epoll_ctl(epoll_, EPOLL_CTL_ADD, listener_, &event);
    on_request_ = std::move(on_message);
    return ntohs(address.sin_port);
}

void Loop::close(Connection* connection) {
    connections_[static_cast<std::size_t>(connection->descriptor())].reset();
}

void Loop::accept_all() {
    while (true) {
        const int descriptor = ::accept4(listener_, nullptr, nullptr, SOCK_NONBLOCK | SOCK_CLOEXEC);
        if (descriptor < 0) return;
        ++accepted_;
        add(descriptor, on_request_);
        is_accepted_[static_cast<std::size_t>(descriptor)] = true;
    }
}

void Loop::run_once(int timeout_ms) {
    std::array<epoll_event, 512> events;
    const int count =
        ::epoll_wait(epoll_, events.data(), static_cast<int>(events.size()), timeout_ms);
    for (int i = 0; i < count; ++i) {
        const epoll_event& event = events[static_cast<std::size_t>(i)];
        if (event.data.fd == listener_) {
            accept_all();
            continue;
        }
        auto& connection = connections_[static_cast<std::size_t>(event.data.fd)];
        if (!connection) continue;
        const std::uint32_t in = EPOLLIN | EPOLLRDHUP | EPOLLHUP | EPOLLERR;
        const bool open =
            connection->ready((event.events & in) != 0, (event.events & EPOLLOUT) != 0);
        // One that we opened stays, so that whoever holds it can see that it is closed.
        if (!open && is_accepted_[static_cast<std::size_t>(event.data.fd)]) connection.reset();
    }
}

bool Loop::run_until(const std::function<bool()>& done, double timeout_us) {
    const double end = now_us() + timeout_us;
    while (!done()) {
        const double left = end - now_us();
        if (left <= 0) return false;
        run_once(static_cast<int>(std::min(left / 1e3, 100.0)) + 1);
    }
    return true;
}

void Loop::run_for(double time_us) {
    run_until([] { return false; }, time_us);
}

std::string post(std::string_view path, std::string_view body) {
    std::string request = "POST ";
    request.append(path).append(
        " HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\n");
    request.append("Content-Length: ").append(std::to_string(body.size())).append("\r\n\r\n");
    return request.append(body);
}

std::string get(std::string_view path) {
    return std::string("GET ").append(path).append(" HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n");
}

int status_of(const Message& answer) {
    int status = 0;
    const std::string_view line = answer.start_line;
    if (line.size() > 12) std::from_chars(line.data() + 9, line.data() + 12, status);
    return status;
}

}  // namespace tocsin::bench
