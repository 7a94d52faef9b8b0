// Listener on Boost.Asio: one event loop a thread, each with its own connections and no locks.
#include "shell/listener.hpp"

#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <boost/asio/io_context.hpp>
#include <boost/asio/posix/basic_stream_descriptor.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <condition_variable>
#include <list>
#include <mutex>
#include <thread>
#include <unordered_map>
#include <utility>
#include <vector>

#include "base/check.hpp"
#include "shell/clock.hpp"
#include "shell/listener_connection.hpp"
#include "shell/listener_mailbox.hpp"
#include "shell/listener_socket.hpp"

namespace tocsin::shell {
namespace {

namespace asio = boost::asio;
using boost::system::error_code;
using Descriptor = asio::posix::basic_stream_descriptor<asio::io_context::executor_type>;

constexpr int turns_max = 32;  // of one connection before the others have theirs
constexpr int accepts_per_turn = 256;
constexpr Duration sweep_every_max = milliseconds(500);
constexpr Duration accept_again_after = milliseconds(20);  // when descriptors had run out

/// What the loops of one listener share.
struct Common {
    HttpShared http;
    std::size_t connections_max = 0;
    std::atomic<std::size_t> connections{0};
    std::mutex mutex;
    std::condition_variable fewer;

    void one_fewer() {
        connections.fetch_sub(1);
        const std::lock_guard lock(mutex);
        fewer.notify_all();
    }
};

struct Client {
    Client(asio::io_context& io, int descriptor, HttpShared& http, std::uint64_t number,
           HttpPeer peer)
        : id(number),
          socket(io.get_executor(), descriptor),
          connection(http, number, std::move(peer), steady_now()) {}

    const std::uint64_t id;
    Descriptor socket;
    HttpConnection connection;
    bool waiting = false;  // for the socket to be readable or writable
    std::optional<std::list<std::uint64_t>::iterator> evictable;
};
using ClientPtr = std::shared_ptr<Client>;

/// One event loop and its connections; everything but adopt() and count() on its own thread.
class Loop {
public:
    Loop(Common& common, Duration sweep_every)
        : common_(common),
          sweep_every_(sweep_every),
          sweeper_(io_),
          mailbox_(std::make_shared<Mailbox>()) {
        mailbox_->wake = [this] { asio::post(io_, [this] { deliver(); }); };
    }

    asio::io_context& io() { return io_; }
    [[nodiscard]] std::size_t count() const { return count_.load(); }
    [[nodiscard]] std::shared_ptr<Mailbox> mailbox() const { return mailbox_; }

    void start() {
        sweep();
        thread_ = std::thread([this] { io_.run(); });
    }

    /// From any thread.
    void adopt(std::uint64_t id, Accepted accepted) {
        count_.fetch_add(1);
        common_.connections.fetch_add(1);
        asio::post(io_, [this, id, accepted = std::move(accepted)]() mutable {
            add(id, std::move(accepted));
        });
    }

    void evict_one() {
        if (evictables_.empty()) return;
        remove(clients_.at(evictables_.front()));
    }

    void drain() {
        asio::post(io_, [this] {
            for (const ClientPtr& client : all()) {
                client->connection.drain();
                pump(client);
            }
        });
    }

    void stop() {
        asio::post(io_, [this] {
            for (const ClientPtr& client : all()) remove(client);
            io_.stop();
        });
        if (thread_.joinable()) thread_.join();
        mailbox_->close();
    }

private:
    std::vector<ClientPtr> all() const {
        std::vector<ClientPtr> list;
        list.reserve(clients_.size());
        for (const auto& [id, client] : clients_) list.push_back(client);
        return list;
    }

    void add(std::uint64_t id, Accepted accepted) {
        if (common_.connections > common_.connections_max) evict_one();
        if (common_.connections > common_.connections_max) {  // all are busy with requests
            ::close(accepted.descriptor);
            count_.fetch_sub(1);
            common_.one_fewer();
            return;
        }
        const auto client = std::make_shared<Client>(io_, accepted.descriptor, common_.http, id,
                                                     std::move(accepted.peer));
        clients_.emplace(id, client);
        if (common_.http.draining) client->connection.drain();
        pump(client);
    }

    void remove(const ClientPtr& client) {
        const ClientPtr kept = client;  // the map's reference may be the argument
        if (clients_.erase(kept->id) == 0) return;
        if (kept->evictable) evictables_.erase(*std::exchange(kept->evictable, std::nullopt));
        error_code ignored;
        kept->socket.close(ignored);
        count_.fetch_sub(1);
        common_.one_fewer();
    }

    /// Moves bytes both ways until the socket or the connection has to wait.
    void pump(const ClientPtr& client) {
        HttpConnection& connection = client->connection;
        for (int turn = 0; turn < turns_max; ++turn) {
            if (connection.finished()) return remove(client);
            const bool writes = !connection.unsent().empty();
            if (!writes && !connection.wants_read()) return settle(client);
            if (!writes && connection.wants_half_close()) {
                ::shutdown(client->socket.native_handle(), SHUT_WR);
            }
            const ssize_t moved = writes ? write_some(*client) : read_some(*client);
            if (moved >= 0) continue;
            if (errno == EINTR) continue;
            if (errno != EAGAIN && errno != EWOULDBLOCK) return remove(client);
            settle(client);
            return wait(client, writes);
        }
        settle(client);
        asio::post(io_, [this, client] {
            if (clients_.contains(client->id)) pump(client);
        });
    }

    ssize_t write_some(Client& client) {
        const std::string_view bytes = client.connection.unsent();
        const ssize_t sent = ::send(client.socket.native_handle(), bytes.data(), bytes.size(),
                                    MSG_NOSIGNAL | MSG_DONTWAIT);
        if (sent >= 0) client.connection.sent(static_cast<std::size_t>(sent), steady_now());
        return sent;
    }

    ssize_t read_some(Client& client) {
        const std::size_t size = std::min(buffer_.size(), client.connection.read_bytes_max());
        const ssize_t got =
            ::recv(client.socket.native_handle(), buffer_.data(), size, MSG_DONTWAIT);
        if (got == 0) client.connection.peer_ended();
        if (got > 0) {
            client.connection.received({buffer_.data(), static_cast<std::size_t>(got)},
                                       steady_now());
        }
        return got;
    }

    void wait(const ClientPtr& client, bool for_write) {
        if (client->waiting) return;
        client->waiting = true;
        const auto what = for_write ? Descriptor::wait_write : Descriptor::wait_read;
        client->socket.async_wait(what, [this, client](const error_code& /*error*/) {
            client->waiting = false;
            // Also when cancelled: the sweep has given the connection something else to do.
            if (clients_.contains(client->id)) pump(client);
        });
    }

    /// Keeps the list of evictable connections: who became idle longest ago stands first.
    void settle(const ClientPtr& client) {
        if (client->connection.evictable() == client->evictable.has_value()) return;
        if (client->evictable) {
            evictables_.erase(*std::exchange(client->evictable, std::nullopt));
        } else {
            client->evictable = evictables_.insert(evictables_.end(), client->id);
        }
    }

    void deliver() {
        for (Mailbox::Mail& mail : mailbox_->take()) {
            const auto found = clients_.find(mail.connection);
            if (found == clients_.end()) continue;
            const ClientPtr client = found->second;
            client->connection.answer(mail.request, std::move(mail.reply), steady_now());
            pump(client);
        }
    }

    /// Ends what is past its deadline. One timer for all: a timer each would cost more memory than
    /// the connection.
    void sweep() {
        const Duration now = steady_now();
        std::vector<ClientPtr> overdue;
        for (const auto& [id, client] : clients_) {
            if (client->connection.deadline() <= now) overdue.push_back(client);
        }
        for (const ClientPtr& client : overdue) {
            client->connection.expire(now);
            // A wait for the old phase may be pending: it must not hold up the new one.
            if (client->waiting) client->socket.cancel();
            pump(client);
        }
        sweeper_.expires_after(sweep_every_);
        sweeper_.async_wait([this](const error_code& error) {
            if (!error) sweep();
        });
    }

    Common& common_;
    const Duration sweep_every_;
    asio::io_context io_{1};
    asio::steady_timer sweeper_;
    std::shared_ptr<Mailbox> mailbox_;
    std::unordered_map<std::uint64_t, ClientPtr> clients_;
    std::list<std::uint64_t> evictables_;
    std::atomic<std::size_t> count_{0};
    std::array<char, 64 * 1024> buffer_{};  // shared: connections keep only what is unfinished
    std::thread thread_;
};

class ListenerAsio final : public Listener {
public:
    ListenerAsio(int descriptor, const ListenOptions& options, Admit admit, OnRequest on_request,
                 OnRefused on_refused)
        : loopback_is_capped_(options.loopback_is_capped), port_(port_of(descriptor)) {
        common_.connections_max = connections_that_fit(options.limits.connections_max, note_);
        common_.http.limits = options.limits;
        common_.http.admit = std::move(admit);
        common_.http.on_request = std::move(on_request);
        common_.http.on_refused = std::move(on_refused);
        common_.http.make_reply = [this](std::uint64_t connection, std::uint64_t request) {
            const Loop& loop = *loops_[connection % loops_.size()];
            const auto ticket = std::make_shared<Ticket>(loop.mailbox(), connection, request);
            return [ticket](HttpReply reply) { ticket->use(std::move(reply)); };
        };
        for (int i = 0; i < std::max(options.io_threads, 1); ++i) {
            loops_.push_back(std::make_unique<Loop>(common_, sweep_interval(options.limits)));
        }
        next_id_.resize(loops_.size(), 0);
        acceptor_.emplace(first().get_executor(), descriptor);
        again_.emplace(first());
        accept_when_ready();
        for (const auto& loop : loops_) loop->start();
    }
    ~ListenerAsio() override { stop(Duration(0)); }

    [[nodiscard]] int port() const override { return port_; }
    [[nodiscard]] std::size_t connections_max() const override { return common_.connections_max; }
    [[nodiscard]] std::size_t connections() const override { return common_.connections.load(); }
    [[nodiscard]] const std::string& note() const override { return note_; }

    void drain() override {
        if (common_.http.draining.exchange(true)) return;
        asio::post(first(), [this] {
            error_code ignored;
            acceptor_->close(ignored);
            again_->cancel();
            for (const auto& loop : loops_) loop->drain();
        });
    }

    void stop(Duration grace) override {
        if (std::exchange(stopped_, true)) return;
        drain();
        {
            std::unique_lock lock(common_.mutex);
            common_.fewer.wait_for(lock, grace, [this] { return connections() == 0; });
        }
        for (const auto& loop : loops_) loop->stop();
    }

private:
    asio::io_context& first() { return loops_.front()->io(); }

    static Duration sweep_interval(const ListenLimits& limits) {
        const Duration shortest =
            std::min({limits.head_within, limits.body_within, limits.answer_within,
                      limits.write_within, limits.idle_within, limits.linger_within});
        return std::clamp(shortest / 4, Duration(milliseconds(5)), sweep_every_max);
    }

    void accept_when_ready() {
        acceptor_->async_wait(Descriptor::wait_read, [this](const error_code& error) {
            if (!error) accept_some();
        });
    }

    void accept_some() {
        for (int i = 0; i < accepts_per_turn; ++i) {
            // Connections over the bound are being evicted by their loops; wait for that.
            if (connections() >= common_.connections_max + accepts_per_turn / 2) {
                return accept_later();
            }
            Accepted accepted;
            const auto trouble =
                accept_one(acceptor_->native_handle(), loopback_is_capped_, accepted);
            if (trouble == AcceptTrouble::no_descriptors) {
                for (const auto& loop : loops_) {
                    asio::post(loop->io(), [&loop = *loop] { loop.evict_one(); });
                }
                return accept_later();
            }
            if (trouble == AcceptTrouble::nothing_waits) break;
            const std::size_t chosen = emptiest();
            loops_[chosen]->adopt(chosen + loops_.size() * ++next_id_[chosen], std::move(accepted));
        }
        accept_when_ready();
    }

    void accept_later() {
        again_->expires_after(accept_again_after);
        again_->async_wait([this](const error_code& error) {
            if (!error && !common_.http.draining) accept_some();
        });
    }

    [[nodiscard]] std::size_t emptiest() const {
        std::size_t best = 0;
        for (std::size_t i = 1; i < loops_.size(); ++i) {
            if (loops_[i]->count() < loops_[best]->count()) best = i;
        }
        return best;
    }

    const bool loopback_is_capped_;
    const int port_;
    bool stopped_ = false;
    std::string note_;
    Common common_;
    std::vector<std::unique_ptr<Loop>> loops_;
    std::vector<std::uint64_t> next_id_;  // a connection's id modulo the loops names its loop
    std::optional<Descriptor> acceptor_;
    std::optional<asio::steady_timer> again_;
};

}  // namespace

Result<std::unique_ptr<Listener>> listen(ListenOptions options, Admit admit, OnRequest on_request,
                                         OnRefused on_refused) {
    check(admit && on_request);
    const Result<int> descriptor = options.inherited_fd
                                       ? adopt_listening_socket(*options.inherited_fd)
                                       : open_listening_socket(options.address);
    if (!descriptor) return descriptor.error();
    return std::unique_ptr<Listener>(std::make_unique<ListenerAsio>(
        *descriptor, options, std::move(admit), std::move(on_request), std::move(on_refused)));
}

}  // namespace tocsin::shell
