#pragma once
// Wire: HTTP/1.1 over raw sockets and one epoll, so that the measuring costs next to nothing.

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace tocsin::bench {

/// Microseconds of the steady clock.
double now_us();

struct Message {
    std::string_view start_line;
    std::string_view body;  // a chunked one as it stands on the wire
};

class Connection;
using OnMessage = std::function<void(Connection&, const Message&)>;

/// One socket of either side: whole messages come in, bytes go out.
class Connection final {
public:
    Connection(int descriptor, OnMessage on_message);
    ~Connection();
    Connection(const Connection&) = delete;
    Connection& operator=(const Connection&) = delete;

    /// Bytes that the socket does not take at once leave when it is writable again.
    void send(std::string_view bytes);
    /// False once the peer or an error has ended it.
    bool ready(bool readable, bool writable);
    [[nodiscard]] int descriptor() const { return descriptor_; }
    [[nodiscard]] bool is_open() const { return open_; }

private:
    void read_all();
    void take_messages();
    void write_some();

    int descriptor_;
    OnMessage on_message_;
    std::string in_, out_;
    std::size_t written_ = 0;
    bool open_ = true;
};

/// Owns the connections; everything happens in run_once().
class Loop final {
public:
    Loop();
    ~Loop();
    Loop(const Loop&) = delete;
    Loop& operator=(const Loop&) = delete;

    /// A client's connection to 127.0.0.1; nullptr with errno set when there is none to be had.
    Connection* connect(std::uint16_t port, OnMessage on_message);
    /// Accepts on a free port of 127.0.0.1; 0 with errno set when that fails.
    std::uint16_t listen(OnMessage on_message);
    void close(Connection* connection);

    void run_once(int timeout_ms);
    /// Goes round until `done` or the time is over; says whether it was done.
    bool run_until(const std::function<bool()>& done, double timeout_us);
    void run_for(double time_us);

    [[nodiscard]] std::size_t accepted() const { return accepted_; }

private:
    Connection* add(int descriptor, OnMessage on_message);
    void accept_all();

    int epoll_;
    int listener_ = -1;
    OnMessage on_request_;
    std::size_t accepted_ = 0;
    std::vector<std::unique_ptr<Connection>> connections_;  // by descriptor
    std::vector<bool> is_accepted_;                         // likewise
};

/// A POST with a JSON body, as a client with keep-alive sends it.
std::string post(std::string_view path, std::string_view body);
std::string get(std::string_view path);
/// The status code of an answer's start line, else 0.
int status_of(const Message& answer);

}  // namespace tocsin::bench
