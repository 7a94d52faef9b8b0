#pragma once
// Mailbox and Ticket: how an answer given on any thread finds its way back to its connection's
// loop.

#include <atomic>
#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <utility>
#include <vector>

#include "shell/http.hpp"

namespace tocsin::shell {

/// Where replies from other threads wait for their event loop: many that come together cost one
/// wake-up. Outlives the loop, because a Reply may.
struct Mailbox {
    struct Mail {
        std::uint64_t connection;
        std::uint64_t request;
        HttpReply reply;
    };
    std::mutex mutex;
    std::vector<Mail> mail;
    std::function<void()> wake;  // empty once the loop is gone

    void put(Mail one) {
        const std::lock_guard lock(mutex);
        if (!wake) return;
        mail.push_back(std::move(one));
        if (mail.size() == 1) wake();
    }
    std::vector<Mail> take() {
        const std::lock_guard lock(mutex);
        return std::exchange(mail, {});
    }
    void close() {
        const std::lock_guard lock(mutex);
        wake = nullptr;
        mail.clear();
    }
};

/// One answer's right to be given: used once, and used with a 500 if a handler forgets it.
class Ticket {
public:
    Ticket(std::shared_ptr<Mailbox> mailbox, std::uint64_t connection, std::uint64_t request)
        : mailbox_(std::move(mailbox)), connection_(connection), request_(request) {}
    ~Ticket() {
        use(HttpReply::error(500, {.code = "internal", .message = "no answer was given"}));
    }
    Ticket(const Ticket&) = delete;
    Ticket& operator=(const Ticket&) = delete;

    void use(HttpReply reply) {
        if (used_.exchange(true)) return;
        mailbox_->put({connection_, request_, std::move(reply)});
    }

private:
    const std::shared_ptr<Mailbox> mailbox_;
    const std::uint64_t connection_;
    const std::uint64_t request_;
    std::atomic<bool> used_{false};
};

}  // namespace tocsin::shell
